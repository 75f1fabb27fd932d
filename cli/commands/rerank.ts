import { InvalidArgumentError } from 'commander';
import { MOST_ANSWERS } from '../../rpc/contract/queue.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { counted, integer } from '../../rpc/format.ts';
import { wholeNumber } from './import.ts';

interface Options {
  by: string;
  every?: number;
  queue?: number;
  json?: boolean;
}

/** A number of answers; `never` is 0. */
function parseEvery(text: string): number {
  if (text === 'never') return 0;
  if (/^[1-9]\d*$/.test(text) && Number(text) <= MOST_ANSWERS) return Number(text);
  throw new InvalidArgumentError(`give a number of answers up to ${integer(MOST_ANSWERS)}, or "never"`);
}

export function rerankCommand() {
  return command(
    'rerank',
    'Rank what is left of a queue again by what the answers so far have taught, or set when this is done unasked',
    'assay rerank parts --by ada\nassay rerank parts --every 100      (from now on after every 100 answers by itself; 50 unless set; "never" turns it off)',
  )
    .argument('<project>', 'the project')
    .option(
      '--every <answers>',
      'only set after how many answers in it a queue of the project is ranked again without being asked, or "never"',
      parseEvery,
    )
    .option('--queue <n>', 'rank this queue in place of the newest', wholeNumber)
    .option('--by <name>', 'who does it', defaultActor())
    .action((path: string, options: Options) =>
      answer(options, async ({ core, run }) => {
        const project = userPath(path);
        const { by, every, queue = null } = options;
        if (every !== undefined) {
          const set = await core.queue.setReranking({ project, by, after: every });
          return {
            json: set,
            text:
              set.after === 0
                ? 'What is left of a queue is ranked again only when somebody asks.'
                : `What is left of a queue is ranked again after ${set.after === 1 ? 'every answer' : `every ${integer(set.after)} answers`} in it.`,
          };
        }
        const summary = await run('rerank', { project, by, queue });
        const { decisions, wrong, items, moved } = summary;
        return {
          json: summary,
          text: `Learnt from ${counted(decisions, 'decision')}, ${wrong} of them on a wrong label. Of ${counted(items, 'item')} left by rank, ${counted(moved, 'stands', 'stand')} elsewhere now; audit items and answered ones keep their places.`,
        };
      }),
    );
}

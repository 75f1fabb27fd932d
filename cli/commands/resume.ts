import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

export function resumeCommand() {
  return command(
    'resume',
    'Let a reviewer go on whose queue paused after too many wrong answers to items with a known label',
    'assay resume parts --queue 2 --reviewer "Ada Lovelace" --by "Grace Hopper"',
  )
    .argument('<project>', 'the project')
    .requiredOption('--queue <n>', 'the queue', wholeNumber)
    .requiredOption('--reviewer <name>', 'who may go on')
    .requiredOption('--by <name>', 'who lets them: somebody else, on the record')
    .action((path: string, options: { queue: number; reviewer: string; by: string; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const { queue, reviewer, by } = options;
        const result = await core.reviews.resume({ project: userPath(path), queue, reviewer, by });
        return { json: result, text: `${reviewer} may go on in queue ${queue} (event ${result.seq}).` };
      }),
    );
}

import type { HandoutState } from '../../rpc/contract/handouts.ts';
import { counted, percent } from '../../rpc/format.ts';
import { answer, command, firstLines, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { leftLine } from './collect.ts';

interface Options {
  recall?: string;
  reason?: string;
  by: string;
  json?: boolean;
}

export function handoutsCommand() {
  return command(
    'handouts',
    'Who has which part of a queue, since when and how far; or recall one',
    'assay handouts parts\nassay handouts parts --recall 6f1c2a9e-… --reason "the laptop was lost" --by ada',
  )
    .argument('<project>', 'the project')
    .option('--recall <id>', 'take no answers that are given after now in this hand-out')
    .option('--reason <text>', 'why, with --recall')
    .option('--by <name>', 'who recalls', defaultActor())
    .action((path: string, { recall, reason, by, ...options }: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        if (recall !== undefined) await core.handouts.recall({ project, by, handout: recall, reason });
        const listed = await core.handouts.list({ project });
        return { json: listed, text: describe(listed) };
      }),
    );
}

function describe(listed: HandoutState[]): string {
  if (listed.length === 0) return 'Nothing was handed out. Do it with: assay handout.';
  const now = new Date().toISOString();
  const rows = listed.map(
    ({ handout, queue, reviewer, at, items, answered, cameBack, gold, agreement, ...one }) => [
      handout,
      `queue ${queue}`,
      reviewer,
      `since ${at.slice(0, 10)}`,
      `${answered} of ${items}`,
      cameBack ? `came back ${cameBack.slice(0, 10)}` : 'not back yet',
      one.recalled ? 'recalled' : one.expires && one.expires <= now ? 'expired' : '',
      gold ? `gold ${gold.right} of ${gold.seen} (${percent(gold.accuracy, 0)})` : '',
      agreement ? `agrees on ${agreement.alike} of ${agreement.items}` : '',
    ],
  );
  const left = listed.flatMap((each) => each.left);
  const lines = [table(rows)];
  if (left.length > 0)
    lines.push(
      `${counted(left.length, 'answer was', 'answers were')} not taken:`,
      ...firstLines(left.map(leftLine), 12),
    );
  return lines.join('\n');
}

import type { CollectedFile, LeftAnswer } from '../../rpc/contract/handouts.ts';
import { LEFT_WORDS } from '../../rpc/contract/terms.ts';
import { ERRORS } from '../../rpc/errors.ts';
import { counted } from '../../rpc/format.ts';
import { answer, command, firstLines } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

export function collectCommand() {
  return command(
    'collect',
    'Take the answers of hand-outs back, in any order and any number of times',
    'assay collect parts from-r1/parts-3-r1-6f1c2a9e.assay-answers from-others --by ada',
  )
    .argument('<project>', 'the project')
    .argument(
      '<answers...>',
      'answers files, folders that hold some, or folders of hand-outs without accounts',
    )
    .option('--by <name>', 'who collects', defaultActor())
    .action((path: string, files: string[], options: { by: string; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const summary = await run('collect', {
          project: userPath(path),
          by: options.by,
          files: files.map((file) => userPath(file)),
        });
        const isRefused = summary.files.some(({ refused }) => refused !== null);
        return {
          json: summary,
          text: summary.files.flatMap(linesOf).join('\n'),
          ...(isRefused && { exit: ERRORS.INVALID_INPUT.exit }),
        };
      }),
    );
}

function linesOf({ file, reviewer, taken, before, left, refused }: CollectedFile): string[] {
  if (refused !== null) return [`${file} was refused. ${refused}`];
  const lines = [
    taken === 0 && left.length === 0
      ? `${file}: nothing new of ${reviewer}; ${counted(before, 'entry was', 'entries were')} taken before.`
      : `${file}: ${counted(taken, 'entry', 'entries')} of ${reviewer} taken, ${before} before.`,
  ];
  if (left.length > 0)
    lines.push(
      `${counted(left.length, 'answer was', 'answers were')} not taken:`,
      ...firstLines(left.map(leftLine), 12),
    );
  return lines;
}

/** An answer that was not taken, with what holds instead. */
export function leftLine({ sha256, reviewer, verdict, label, why, held }: LeftAnswer): string {
  const said = (of: { reviewer: string; verdict: string; label: string | null }): string =>
    `${of.reviewer} says ${of.verdict}${of.label === null ? '' : ` ${of.label}`}`;
  return `  ${sha256.slice(0, 12)}  ${said({ reviewer, verdict, label })}; ${LEFT_WORDS[why]}${held ? `; ${said(held)}` : ''}`;
}

import { leftLines } from '../../rpc/contract/import-words.ts';
import { NOT_TAKEN_WORDS } from '../../rpc/contract/redrawn.ts';
import { counted } from '../../rpc/format.ts';
import { answer, command, firstLines } from '../command.ts';
import { userPath } from '../session.ts';

export function redrawnCommand() {
  return command(
    'redrawn',
    'Take objects that were drawn anew in an annotation tool as decisions on the images that a release gave it',
    'assay export parts to-fix --format cvat --undecided in --include rejected --tag redraw\nassay redrawn parts cvat-export/annotations.xml --by "Ada Lovelace"',
  )
    .argument('<project>', 'the project')
    .argument('<from>', "the tool's export: a folder or a file in a format that assay import reads")
    .requiredOption('--by <name>', 'the reviewer, as it goes on the record')
    .option('--source <format>', 'read it as this format', 'auto')
    .action((project: string, from: string, options: { by: string; source: string; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const summary = await run('redrawn', {
          project: userPath(project),
          by: options.by,
          from: userPath(from),
          source: options.source,
        });
        const { changed, unchanged, notTaken, seq, left, skipped, notes } = summary;
        return {
          json: summary,
          text: [
            `${summary.source}: ${counted(changed, 'image has', 'images have')} other objects now${seq === null ? '' : ` (event ${seq})`}, ${counted(unchanged, 'image')} came back as before.`,
            ...(notTaken.length > 0
              ? [
                  `${counted(notTaken.length, 'image was', 'images were')} not taken:`,
                  ...firstLines(
                    notTaken.map(({ path, why }) => `  ${path}: ${NOT_TAKEN_WORDS[why]}`),
                    12,
                  ),
                ]
              : []),
            ...skipped.examples.map((line) => `Left out: ${line}`),
            ...leftLines(left).map(({ words }) => `Left behind: ${words}`),
            ...notes,
          ].join('\n'),
        };
      }),
    );
}

import { InvalidArgumentError, Option } from 'commander';
import { PICTURES, type Pictures } from '../../rpc/contract/terms.ts';
import { counted } from '../../rpc/format.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

interface Options {
  to: string[];
  queue?: number;
  overlap: number;
  most?: number;
  pictures: Pictures;
  expires?: string;
  instead?: string;
  folder: string;
  by: string;
  json?: boolean;
}

const names = (text: string): string[] => {
  const named = text.split(',').map((name) => name.trim());
  if (named.includes('')) throw new InvalidArgumentError('give names with commas between them: r1,r2');
  return named;
};

function share(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const percent = number === undefined ? Number.NaN : Number(number);
  if (!(percent <= 100)) throw new InvalidArgumentError('give a percentage, such as 20%');
  return percent / 100;
}

function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new InvalidArgumentError('give a day, such as 2026-12-31');
  return text;
}

export function handoutCommand() {
  return command(
    'handout',
    'Write parts of a queue to files, one for each reviewer on another machine',
    'assay handout parts --queue 3 --to r1,r2 --overlap 20% --folder to-send\nassay handout parts --instead 6f1c2a9e-… --to r3   (recalls that one, and hands out what is left of it)',
  )
    .argument('<project>', 'the project')
    .requiredOption('--to <names>', 'who reviews, with commas between them', names)
    .option('--queue <n>', 'the queue; the newest one by itself', wholeNumber)
    .option('--overlap <share>', 'share of the items that two of them get, to compare them', share, 0)
    .option('--most <n>', 'at most so many items for each; all that are open by itself', wholeNumber)
    .addOption(
      new Option('--pictures <kind>', 'originals of the items, or small previews of at most 256 pixels')
        .choices(PICTURES)
        .default('originals'),
    )
    .option('--expires <day>', 'last day on which answers count', day)
    .option('--instead <id>', 'recall this hand-out, and hand out what is left of it')
    .option('--folder <folder>', 'where the files go', '.')
    .option('--by <name>', 'who hands out', defaultActor())
    .action((path: string, options: Options) =>
      answer(options, async ({ run }) => {
        const { queue = null, most = null, expires = null, instead = null } = options;
        const { to, overlap, pictures, by } = options;
        const summary = await run('handout', {
          project: userPath(path),
          folder: userPath(options.folder),
          by,
          queue,
          to,
          overlap,
          most,
          pictures,
          expires,
          instead,
        });
        const lines = summary.handouts.map(
          ({ reviewer, items, file, bytes }) =>
            `${reviewer}: ${counted(items, 'item')} in ${file} (${(bytes / 1e6).toFixed(1)} MB)`,
        );
        if (summary.overlapping > 0) lines.push(`${counted(summary.overlapping, 'item')} go to two of them.`);
        if (summary.left > 0) lines.push(`${counted(summary.left, 'item')} still need somebody else.`);
        lines.push(
          'They open it by a double click or with "assay open", answer, and send back the file that "assay answers" writes. Take it in: assay collect.',
        );
        return { json: summary, text: lines.join('\n') };
      }),
    );
}

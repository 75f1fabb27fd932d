import { Option } from 'commander';
import { copyWords } from '../../rpc/contract/alteration.ts';
import type { CopyCounts, CopyPair } from '../../rpc/contract/copies.ts';
import {
  CERTAINTIES,
  CERTAINTY_WORDS,
  COPY_ANSWER_WORDS,
  COPY_ANSWERS,
  PAIR_CERTAINTIES,
  type CopyAnswer,
  type PairCertainty,
} from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

interface Options {
  certainty?: PairCertainty[];
  answer?: (CopyAnswer | 'open')[];
  limit: number;
  image?: string;
  of?: string;
  copy?: boolean;
  notACopy?: boolean;
  withdraw?: boolean;
  comment?: string;
  by?: string;
  json?: boolean;
}

export function copiesCommand() {
  return command(
    'copies',
    'List which images may be copies of which, and how surely, or say whether one is',
    'assay copies parts --answer open                                         (what nobody has judged yet)\nassay copies parts --image 3f2a9c01 --not-a-copy --by "Ada Lovelace"     (the rule no longer holds for it)',
  )
    .argument('<project>', 'the project')
    .addOption(
      new Option('--certainty <kinds...>', 'only pairs that show the same this surely').choices(
        PAIR_CERTAINTIES,
      ),
    )
    .addOption(
      new Option(
        '--answer <answers...>',
        'only pairs that nobody has judged (open), or that were judged so',
      ).choices(['open', ...COPY_ANSWERS]),
    )
    .option('--limit <n>', 'pairs to list', wholeNumber, 200)
    .option('--image <sha256>', 'the image that may be a copy: its hash, or the first 8 digits or more')
    .option('--of <sha256>', 'with an answer: what it may be a copy of, where that is more than one image')
    .option('--copy', 'it is a copy: queues and releases leave it out')
    .option('--not-a-copy', 'it is none, whatever a rule says')
    .option('--withdraw', 'take back what was said of it')
    .option('--comment <words>', 'what goes on the record with the answer, in words')
    .option('--by <name>', 'who says so, as it goes on the record')
    .action((path: string, options: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        const said = [
          ...(options.copy ? (['copy'] as const) : []),
          ...(options.notACopy ? (['not-a-copy'] as const) : []),
          ...(options.withdraw ? (['withdrawn'] as const) : []),
        ];
        if (said.length > 1) throw new AssayError('USAGE', 'Say one of --copy, --not-a-copy and --withdraw.');
        const { image, of: other, comment, by } = options;
        if (said[0] !== undefined) {
          if (image === undefined) throw new AssayError('USAGE', 'Say which image: --image 3f2a9c01.');
          if (by === undefined) throw new AssayError('USAGE', 'Say who answers: --by "Ada Lovelace".');
          const answers = [{ image, other, answer: said[0], comment }];
          const result = await core.copies.answer({ project, by, answers });
          return { json: result, text: `Recorded as event ${result.seq}.` };
        }
        const filter = { certainties: options.certainty, answers: options.answer, image };
        const found = await core.copies.list({ project, filter, limit: options.limit });
        return { json: found, text: describePairs(found) };
      }),
    );
}

/** Pairs in lines for people: how many of each kind there are, then one line each. */
function describePairs({
  pairs,
  total,
  counts,
}: {
  pairs: CopyPair[];
  total: number;
  counts: CopyCounts;
}): string {
  const rows = pairs.map(({ image, other, keptOut, answer: said, ...pair }) => [
    image.sha256.slice(0, 12),
    `${image.batch}/${image.path}`,
    copyWords(`${other.batch}/${other.path}`, pair),
    said ? `${COPY_ANSWER_WORDS[said.answer].title.toLowerCase()}, says ${said.by}` : 'open',
    keptOut ? 'left out' : 'stays in',
  ]);
  return [
    ...CERTAINTIES.flatMap((certainty) => {
      const { open, copy, 'not-a-copy': none } = counts[certainty];
      if (open + copy + none === 0) return [];
      const title = CERTAINTY_WORDS[certainty].title;
      return certainty === 'same-bytes'
        ? [`${title}: ${counted(open, 'file')}`]
        : [
            `${title}: ${counted(open + copy + none, 'pair')}, ${open} open, ${copy} called copies, ${none} called no copies`,
          ];
    }),
    ...(rows.length > 0 ? [table(rows)] : []),
    ...(total > pairs.length ? [`… and ${total - pairs.length} more (--limit shows more)`] : []),
    ...(total === 0 ? ['No such pairs. Pairs are found by: assay score'] : []),
  ].join('\n');
}

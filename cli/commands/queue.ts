import { InvalidArgumentError, Option } from 'commander';
import {
  DEFAULT_GOLD_THRESHOLD,
  dueWords,
  queueTitle,
  sentenceOfPromise,
  type Assignee,
  type Budget,
  type Flagged,
  type QueueInfo,
  type QueueItem,
  type QueueSummary,
  type QueueWordsChange,
} from '../../rpc/contract/queue.ts';
import { reasonWords, type Reason, type ReasonWords } from '../../rpc/contract/reasons.ts';
import { sentenceOfRehearsal } from '../../rpc/contract/rehearsal.ts';
import {
  ENDS,
  findingNoun,
  FINDINGS,
  SHARES,
  stratumTitle,
  DEFAULT_SEED,
  type End,
} from '../../rpc/contract/terms.ts';
import type { CoreClient } from '../../rpc/transport/inproc.ts';
import { answer, command, firstLines, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { embedImages } from '../markdown-images.ts';
import { wholeNumber } from './import.ts';

export type ShareOptions = Partial<Record<(typeof SHARES)[number], number>>;

interface Options {
  budget?: Budget;
  roles: ('real' | 'synthetic')[];
  policy?: string;
  share: ShareOptions;
  method?: string;
  seed: number;
  reviewers: number;
  blind?: boolean;
  goldRate: number;
  goldThreshold: number;
  ownConflicts?: boolean;
  endsIn: End;
  queue?: number;
  name?: string;
  due?: string;
  assign: Assignee[];
  instructions?: string;
  by: string;
  json?: boolean;
}

/** `8%` is a share of the candidates, `400` a number of items. */
export function parseBudget(text: string): Budget {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  if (percent && Number(percent[1]) > 0 && Number(percent[1]) <= 100)
    return { share: Number(percent[1]) / 100 };
  if (/^[1-9]\d*$/.test(text)) return { items: Number(text) };
  throw new InvalidArgumentError('give a percentage such as 8%, or a number of items such as 400');
}

export function parseShare(text: string, before: ShareOptions): ShareOptions {
  const [stratum, share] = text.split('=');
  const value = Number(share);
  if (!SHARES.includes(stratum as never) || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError(`give part=share, the share from 0 to 1; parts: ${SHARES.join(', ')}`);
  return { ...before, [stratum as string]: value };
}

export function queueCommand() {
  return command(
    'queue',
    'Choose what people look at, or show what was chosen',
    'assay queue parts --budget 8%      (5 to 10 % is usual; a number of items works too)\nassay queue parts --json           (the newest queue, and apart from it what was flagged by rule)',
  )
    .argument('<project>', 'the project')
    .option('--budget <share>', 'make a new queue of this size; without it, show the newest', parseBudget)
    .addOption(
      new Option('--roles <roles...>', 'which images can be queued')
        .choices(['real', 'synthetic'])
        .default(['synthetic']),
    )
    .option('--policy <name>', 'the policy that fills it (assay policy lists them)')
    .option('--share <part=share>', 'change the share of one part of the budget (repeatable)', parseShare, {})
    .option(
      '--method <id>',
      'choose what would teach most instead: badge, margin, typiclust … (docs/methods/selection.md)',
    )
    .option('--seed <n>', 'draws the audit sample and the order', wholeNumber, DEFAULT_SEED)
    .option('--reviewers <n>', 'independent answers that every item needs, 1 to 3', wholeNumber, 1)
    .option('--blind', 'hide given label and prediction until the answer')
    .option(
      '--gold-rate <share>',
      'mix in this share of hidden items with a known label, such as 5%',
      parseRate,
      0,
    )
    .option(
      '--gold-threshold <share>',
      "accuracy on them below which a reviewer's queue pauses",
      parseRate,
      DEFAULT_GOLD_THRESHOLD,
    )
    .option(
      '--own-conflicts',
      'let reviewers judge conflicts that their own answer is part of; it goes on record',
    )
    .addOption(
      new Option(
        '--ends-in <end>',
        'what several answers come to: one label, judged where they differ, or their distribution, where nothing is judged',
      )
        .choices(ENDS)
        .default('label'),
    )
    .option('--queue <n>', 'the queue that is described, instead of the newest', wholeNumber)
    .option('--name <text>', 'what people call it; an empty text for nothing')
    .option(
      '--assign <name[:n]>',
      'who is to answer it, with a number of answers or for an equal share (repeatable); replaces the earlier ones',
      parseAssignee,
      [],
    )
    .option('--due <day>', 'day by which it is to be answered, such as 2030-01-31', parseDay)
    .option(
      '--instructions <file>',
      'a Markdown file that says how it is to be answered; images beside it are embedded',
    )
    .option('--by <name>', 'who makes or describes it', defaultActor())
    .action((path: string, options: Options) =>
      answer(options, async ({ core, run }) => {
        const project = userPath(path);
        const { budget, roles, share, seed, by, reviewers, blind = false, goldRate, goldThreshold } = options;
        const { ownConflicts = false, endsIn } = options;
        const rules = { reviewers, blind, goldRate, goldThreshold, ownConflicts, endsIn };
        const words = await wordsFrom(options);
        const summary = budget
          ? await run('queue', {
              project,
              by,
              budget,
              roles,
              seed,
              policy: options.policy ?? null,
              shares: share,
              method: options.method ?? null,
              words,
              ...rules,
            })
          : null;
        const queues = await core.queue.list({ project, by });
        const told = queues.find(({ id }) => id === options.queue) ?? queues[0];
        if (!budget && told && Object.keys(words).length > 0) {
          const queue = options.queue ?? told.id;
          await core.queue.describe({ project, by, queue, ...words });
          const [now] = (await core.queue.list({ project, by })).filter(({ id }) => id === queue);
          return { json: now, text: headOf(now!) };
        }
        const shown = await core.queue.show({ project });
        const newest = queues[0];
        return {
          json: { summary, ...shown, told: newest ?? null },
          text: [
            ...(newest && (newest.name !== null || dueWords(newest) !== '') ? [headOf(newest)] : []),
            describeQueue(shown.items, shown.flagged, await wordsOf(core)),
            ...(summary ? describeExpectations(summary) : []),
          ].join('\n'),
        };
      }),
    );
}

/** `Faces (queue 2): Ada owes 120 of 200, due 2030-01-31`. */
function headOf(queue: QueueInfo): string {
  const words = dueWords(queue);
  return words === '' ? queueTitle(queue) : `${queueTitle(queue)}: ${words}`;
}

/** `Ada Lovelace`, or `Ada Lovelace:200`. */
function parseAssignee(text: string, before: Assignee[]): Assignee[] {
  const [, reviewer = text.trim(), answers] = /^(.*?)\s*:\s*([1-9]\d*)$/.exec(text.trim()) ?? [];
  if (reviewer === '') throw new InvalidArgumentError('give a name, or name:answers');
  return [...before, { reviewer, answers: answers === undefined ? null : Number(answers) }];
}

function parseDay(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('give a day, such as 2030-01-31');
  return text;
}

/** `5%` or `0.05`. */
export function parseRate(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('give a percentage such as 5%, or a number from 0 to 1');
  return value;
}

/** What puts reasons into words. */
export async function wordsOf(core: CoreClient): Promise<(reason: Reason) => ReasonWords> {
  return reasonWords(await core.scores.list(), await core.queue.methods());
}

/** What the options say of the queue; what none of them names stays as it is. */
async function wordsFrom({ name, due, assign, instructions }: Options): Promise<QueueWordsChange> {
  return {
    ...(name !== undefined && { name }),
    ...(due !== undefined && { due }),
    ...(assign.length > 0 && { assignees: assign }),
    ...(instructions !== undefined && { instructions: await embedImages(userPath(instructions)) }),
  };
}

/** The queue in lines for people: its strata, its first items, and what was flagged by rule. */
export function describeQueue(
  items: QueueItem[],
  flagged: Flagged[],
  words: (reason: Reason) => ReasonWords,
): string {
  const strata = Map.groupBy(items, ({ stratum }) => stratum);
  const lines =
    items.length === 0
      ? ['No queue yet. Make one with: assay queue <project> --budget 8%']
      : [
          `Queue of ${items.length}: ${[...strata]
            .map(([stratum, held]) => `${held.length} ${stratumTitle(stratum).toLowerCase()}`)
            .join(', ')}`,
        ];
  const rows = items
    .slice(0, 10)
    .map(({ rank, sha256, stratum, givenLabel, path, reasons: [first] }) => [
      rank,
      sha256.slice(0, 12),
      stratumTitle(stratum).toLowerCase(),
      givenLabel ?? '-',
      path,
      first ? words(first).words : '',
    ]);
  if (rows.length > 0) lines.push(table(rows));
  if (items.length > rows.length) lines.push(`… and ${items.length - rows.length} more (--json lists all)`);
  if (flagged.length > 0) {
    const found = Map.groupBy(flagged, ({ rule }) => rule);
    const counts = FINDINGS.flatMap((finding) => {
      const count = found.get(finding)?.length ?? 0;
      return count === 0 ? [] : [`${count} ${findingNoun(finding, count)}`];
    });
    lines.push(`Found by rule, without anyone looking: ${counts.join(', ')}`);
    lines.push(
      ...firstLines(
        flagged
          .filter((item) => item.rule !== 'near-duplicate')
          .map((item) => `  ${findingNoun(item.rule, 1)}  ${item.batch}/${item.path}: ${item.detail}`),
        12,
      ),
    );
  }
  return lines.join('\n');
}

/** What a new queue should find, and what its audit can say. */
function describeExpectations(summary: QueueSummary): string[] {
  const finds = Object.entries(summary.expected ?? {}).filter(([, faults]) => faults >= 0.5);
  const promise = sentenceOfPromise(summary);
  return [
    ...(finds.length > 0
      ? [
          `Faults to expect: ${finds
            .map(([stratum, faults]) => `about ${Math.round(faults)} ${stratumTitle(stratum).toLowerCase()}`)
            .join(', ')}`,
        ]
      : []),
    ...(summary.rehearsal ? [sentenceOfRehearsal(summary.rehearsal)] : []),
    ...(promise === null ? [] : [promise]),
    ...(summary.promise && summary.promise.itemsFor5 > summary.items
      ? [`That queue: assay queue <project> --budget ${summary.promise.itemsFor5}`]
      : []),
  ];
}

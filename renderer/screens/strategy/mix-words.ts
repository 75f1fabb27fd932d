import type { TaskRequest } from '../../../rpc/contract/jobs.ts';
import {
  judgeRealShare,
  keepsFloor,
  mixZones,
  realNeeded,
  SHARD_MB,
  weightOf,
  weightText,
  type MixInfo,
  type MixPolicy,
  type MixWeight,
} from '../../../rpc/contract/mixes.ts';
import { DEFAULT_SEED } from '../../../rpc/contract/terms.ts';
import type { RoundInfo } from '../../../rpc/contract/rounds.ts';
import { counted, integer, listed, percent } from '../../../rpc/format.ts';

/** A share as it is typed, in per cent. */
export const asPercent = (share: number): number => Number((100 * share).toFixed(3));
/** Shares are kept as exactly as they are typed: 35 is 0.35, whatever binary fractions make of it. */
export const asShare = (typed: number): number => Number((typed / 100).toFixed(5));

/** A policy, a line for each of its settings: its name and what it says. */
export function policyLines(policy: MixPolicy): [name: string, words: string][] {
  const { target, floor, generations, unreviewed } = policy;
  const { low, high } = mixZones(policy);
  return [
    [
      'Target',
      `${percent(target)} real images in an epoch; ${percent(low)} to ${percent(high)} counts as on target.`,
    ],
    ['Floor', `No training batch may have less than ${percent(floor)} real images.`],
    [
      'Generations',
      generations === null
        ? 'Synthetic images of every generation may be in.'
        : `Only synthetic images of ${generations.length === 1 ? 'generation' : 'generations'} ${listed(generations.map(String))} may be in.`,
    ],
    [
      'Unreviewed',
      unreviewed
        ? 'Synthetic images that nobody looked at may be in.'
        : 'Synthetic images that nobody looked at stay out.',
    ],
  ];
}

/** How a mix stands to the policy in force, which may be another one than it was made under. */
export function mixStanding(mix: MixInfo, policy: MixPolicy): { isKept: boolean; words: string } {
  const { images, real, batchSize, leastReal, belowFloor } = mix;
  if (!keepsFloor(mix, policy.floor))
    return {
      isKept: false,
      words: `is below the floor: ${counted(leastReal, 'real image')} in a training batch of ${integer(batchSize)}, where ${integer(realNeeded(policy.floor, batchSize))} are needed`,
    };
  if (belowFloor !== null)
    return { isKept: true, words: 'was below the floor when it was made, and keeps the one of now' };
  return judgeRealShare(real / images, policy) === 'good'
    ? { isKept: true, words: 'keeps the policy' }
    : { isKept: true, words: `keeps the floor; its ${percent(real / images)} real are under the target` };
}

/** What is called out in the newest round. */
export const roundStanding = (rounds: readonly RoundInfo[]): string => {
  const newest = rounds.at(-1);
  if (!newest) return 'No training round is on record.';
  return newest.alarms.length === 0
    ? `Nothing is called out in the newest round, ${newest.name}.`
    : `Round ${newest.name}: ${newest.alarms.join(' ')}`;
};

/** A command line with its words quoted where a shell needs that. */
function commandLine(words: readonly string[]): string {
  return words
    .map((word) => {
      if (/^[\w./:@%+,=-]+$/.test(word)) return word;
      // A path of Windows: its shells know double quotes only.
      return word.includes('\\') ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
    })
    .join(' ');
}

type MixWish = Pick<
  TaskRequest<'mix'>,
  | 'project'
  | 'by'
  | 'to'
  | 'realShare'
  | 'batchSize'
  | 'images'
  | 'seed'
  | 'weights'
  | 'as'
  | 'shardBytes'
  | 'belowFloor'
  | 'licence'
>;

/** The command that writes the same mix; without a name where nobody has given one yet, or what is not asked for. */
export function mixCommand({ project, by, to, ...wish }: MixWish): string {
  const { realShare, batchSize, images, seed, weights, as, shardBytes, belowFloor, licence } = wish;
  return commandLine([
    'assay',
    'mix',
    project,
    to,
    '--batch-size',
    String(batchSize),
    ...(realShare == null ? [] : ['--real-share', `${asPercent(realShare)}%`]),
    ...(images == null ? [] : ['--images', String(images)]),
    ...(seed === undefined || seed === DEFAULT_SEED ? [] : ['--seed', String(seed)]),
    ...(weights ?? []).flatMap((weight) => ['--weight', weightText(weight)]),
    ...(as ? ['--as', ...as] : []),
    ...(shardBytes === undefined || shardBytes === 1e6 * SHARD_MB
      ? []
      : ['--shard-size', `${shardBytes / 1e6}MB`]),
    ...(belowFloor == null ? [] : ['--below-floor', belowFloor]),
    ...(licence === undefined || licence === NO_LICENCE ? [] : ['--licence', licence]),
    ...(by === '' ? [] : ['--by', by]),
  ]);
}

/** What a mix says of its licence where nobody does. */
export const NO_LICENCE = 'unspecified';

/** Weights as lines, `real=2`, and what is wrong with them; null where nothing is. */
export function weightsOf(text: string): { weights: MixWeight[]; error: string | null } {
  const weights: MixWeight[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const found = weightOf(line);
    if (!found)
      return { weights: [], error: `Give a role, or a role and class, with its times: ${line.trim()}` };
    weights.push(found);
  }
  return { weights, error: null };
}

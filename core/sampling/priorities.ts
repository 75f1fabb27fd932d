import { countAtMost, countBelow, quantileSorted, sortedFinite } from '../numeric/percentile.ts';
import type { Score } from '../scores/define.ts';
import { scores as registry } from '../scores/registry.ts';
import { describeScore } from './reasons.ts';
import type { PriorityStratum } from './policy.ts';

/** Pixel measures that are suspect where the real images hardly ever go. */
const ANCHORED_DAMAGE = ['dark', 'light', 'blurry', 'low-information', 'grayscale'];
const LABEL_DOUBT = ['self-confidence', 'neighbour-agreement'];
const NOVELTY = ['novelty-all', 'isolation'];
/** Shapes that are suspect by the threshold of their source: real photographs and generators differ in size anyway. */
const PLAIN_DAMAGE = ['odd-size', 'odd-aspect-ratio'];
/** What a reason may name besides the score that decided. */
const NAMED = [
  'self-confidence',
  'neighbour-agreement',
  'margin',
  'mutual-information',
  'novelty-all',
  'novelty-class',
  'isolation',
];
const COPIES = ['exact-duplicate', 'near-duplicate', 'seed-copy', 'holdout-leak'];

/** The most suspect per cent of the real images marks where suspicion begins. */
const SEED_TAIL = 0.01;
/** Less than this share of a score's range beyond that mark is no difference that a person would call damage. */
const SMALLEST_STEP = 0.05;
/** With fewer real images than this their tail is not known, and the source's threshold stands in. */
const FEWEST_SEEDS = 20;
/** Named as a reason: among this share of the candidates at the suspect end. */
const RARE = 0.05;

/** Columns by score id; a score that was not computed is absent, NaN where it does not apply. */
export type ScoreColumns = ReadonlyMap<string, Float64Array>;

export interface Priorities {
  priorities: Record<PriorityStratum, Float64Array>;
  /** Why a candidate is in a stratum: the score that decided first, then whatever else is rare about it. */
  reasons: (candidate: number, stratum: PriorityStratum) => string[];
}

/**
 * What makes each of n candidates worth a look, per stratum, from 0 (not at all; NaN where it cannot be known) to 1.
 *
 * `suspect-label`: the mean of 1 - self-confidence and 1 - neighbour-agreement, two estimates of the chance that the
 * label is wrong, one by a model of the real images, one by a vote among look-alikes. `uncertain`: 1 - margin.
 * `damaged`: how far the worst pixel measure lies beyond the real images' own most suspect per cent, as a fraction of
 * the way to the worst value there is. Anchoring on the real images keeps a project whose photographs are all on white
 * from calling everything light. `novel`: the candidates beyond the same mark in novelty or isolation, the two rankings
 * interleaved, since the first finds what no real image resembles and the second what no image at all resembles.
 *
 * @param candidates columns of n values
 * @param seed the same scores of the real images, out of sample: distances without the image itself
 */
export function prioritise(n: number, candidates: ScoreColumns, seed: ScoreColumns): Priorities {
  const column = (id: string): Float64Array => candidates.get(id) ?? new Float64Array(n).fill(Number.NaN);
  const anchor = (id: string, step: number): Float64Array =>
    beyondSeed(scoreOf(id), column(id), seed.get(id), step);
  const anchored = new Map([
    ...NOVELTY.map((id) => [id, anchor(id, 0)] as const),
    ...ANCHORED_DAMAGE.map((id) => [id, anchor(id, SMALLEST_STEP)] as const),
    ...PLAIN_DAMAGE.map((id) => [id, beyondThreshold(scoreOf(id), column(id))] as const),
  ]);
  const damage = [...ANCHORED_DAMAGE, ...PLAIN_DAMAGE];
  const labelDoubt = new Map(LABEL_DOUBT.map((id) => [id, column(id).map((value) => 1 - value)]));
  const priorities = {
    'suspect-label': meanOfKnown(n, [...labelDoubt.values()]),
    uncertain: column('margin').map((value) => 1 - value),
    novel: largest(
      n,
      NOVELTY.map((id) => standing(anchored.get(id)!)),
    ),
    damaged: largest(
      n,
      damage.map((id) => anchored.get(id)!),
    ),
  };

  const sorted = new Map<string, Float64Array>();
  const rarity = (id: string, value: number): number => {
    let ascending = sorted.get(id);
    if (!ascending) sorted.set(id, (ascending = sortedFinite(column(id))));
    if (Number.isNaN(value)) return 1;
    const low = scoreOf(id).suspect === 'low';
    const alike = low ? countAtMost(ascending, value) : ascending.length - countBelow(ascending, value);
    return alike / ascending.length;
  };
  const deciding = (i: number, stratum: PriorityStratum): string[] => {
    if (stratum === 'uncertain') return ['margin'];
    const [from, by] =
      stratum === 'suspect-label'
        ? [LABEL_DOUBT, labelDoubt]
        : [stratum === 'novel' ? NOVELTY : damage, anchored];
    return from.toSorted((a, b) => (by.get(b)![i]! || 0) - (by.get(a)![i]! || 0)).slice(0, 1);
  };
  const notable = (i: number): string[] => [
    ...NAMED.filter((id) => rarity(id, column(id)[i]!) <= RARE),
    ...damage.filter((id) => anchored.get(id)![i]! > 0),
    ...COPIES.filter((id) => column(id)[i]! > 0),
  ];
  return {
    priorities,
    reasons: (i, stratum) =>
      [...new Set([...deciding(i, stratum), ...notable(i)])].map((id) => {
        const value = column(id)[i]!;
        return describeScore(scoreOf(id), value, rarity(id, value));
      }),
  };
}

function scoreOf(id: string): Score {
  const score = registry.get(id);
  if (!score) throw new Error(`no score ${id}`);
  return score;
}

/** How far each value lies beyond the seed's suspect tail, 0..1; the source's threshold where the seed is too small. */
function beyondSeed(
  score: Score,
  values: Float64Array,
  seed: Float64Array | undefined,
  step: number,
): Float64Array {
  const known = sortedFinite(seed ?? []);
  if (known.length < FEWEST_SEEDS) return beyondThreshold(score, values);
  const mark = quantileSorted(known, score.suspect === 'low' ? SEED_TAIL : 1 - SEED_TAIL);
  return beyond(score, values, mark, step * (score.range[1] - score.range[0]));
}

/** How far each value lies beyond the threshold of the score's source, 0..1; NaN where the source names none. */
function beyondThreshold(score: Score, values: Float64Array): Float64Array {
  return score.threshold === null ? values.map(() => Number.NaN) : beyond(score, values, score.threshold, 0);
}

function beyond(score: Score, values: Float64Array, mark: number, margin: number): Float64Array {
  const [low, high] = score.range;
  const way = score.suspect === 'low' ? mark - low : high - mark;
  return values.map((value) => {
    const gap = score.suspect === 'low' ? mark - value : value - mark;
    return Number.isNaN(gap) || gap > margin ? gap / way : 0;
  });
}

/** Row by row the mean of the columns that have a value; NaN where none has. */
function meanOfKnown(n: number, columns: Float64Array[]): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    let known = 0;
    for (const column of columns) {
      if (Number.isNaN(column[i]!)) continue;
      sum += column[i]!;
      known++;
    }
    return sum / known;
  });
}

/** Row by row the largest of the columns, 0 where none has a value. */
function largest(n: number, columns: Float64Array[]): Float64Array {
  const out = new Float64Array(n);
  for (const column of columns) {
    column.forEach((value, i) => {
      if (value > out[i]!) out[i] = value;
    });
  }
  return out;
}

/** Values above 0 as their place in the ranking: 1 for the largest, less by 1 / n for each that is larger. */
function standing(values: Float64Array): Float64Array {
  const ascending = sortedFinite(values);
  return values.map((value) => (value > 0 ? countAtMost(ascending, value) / ascending.length : 0));
}

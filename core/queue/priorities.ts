import { countAtMost, countBelow, sortedFinite } from '../base/numeric/percentile.ts';
import type { Score } from '../measure/scores/define.ts';
import { scores as registry } from '../measure/scores/registry.ts';
import { outlying, outlyingWithin, suspicion, type Classes } from './outlying.ts';
import { describeScore } from './reasons.ts';
import type { PriorityStratum } from './policy.ts';

/** Pixel measures that are suspect where neither the real images nor the candidates usually go. */
const OUTLYING_DAMAGE = ['sharpness', 'dark', 'light', 'low-information', 'grayscale'];
/** Shapes that are suspect by the threshold of their source: real photographs and generators differ in size anyway. */
const PLAIN_DAMAGE = ['odd-size', 'odd-aspect-ratio'];
const DAMAGE = [...OUTLYING_DAMAGE, ...PLAIN_DAMAGE];
const NOVELTY = ['relative-mahalanobis', 'isolation'];
/** Where there is no label risk: without labelled real images of two classes. */
const LABEL_DOUBT = ['self-confidence', 'neighbour-agreement'];
/** What a reason may name besides the score that decided. */
const NAMED = [
  'label-risk',
  'self-confidence',
  'neighbour-agreement',
  'margin',
  'mutual-information',
  'novelty-all',
  'novelty-class',
  'isolation',
  'relative-mahalanobis',
];
const COPIES = ['exact-duplicate', 'near-duplicate', 'seed-copy', 'holdout-leak'];

/** Less than this is no difference that a person would see: of a share, of a ratio, of the usual squared distance. */
const SMALLEST_STEP = 0.02;
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
 * `suspect-label`: the chance that the label is wrong (core/labels/risk/); without one, the mean of
 * 1 - self-confidence and 1 - neighbour-agreement. `uncertain`: 1 - margin. `damaged`: how outlying the worst pixel
 * measure is, or how far beyond its source's threshold an odd shape. `novel`: how outlying the distances to the cloud of
 * the given class and to all other images are, on average: the one finds what does not look like its class, the other
 * what looks like nothing. Outlying means against the real images and against the candidates (outlying.ts).
 *
 * @param candidates columns of n values
 * @param seed the same scores of the real images, out of sample: distances without the image itself
 * @param classes given labels of both: damage is outlying against the image's own class too
 */
export function prioritise(
  n: number,
  candidates: ScoreColumns,
  seed: ScoreColumns,
  classes: Classes | null = null,
): Priorities {
  const column = (id: string): Float64Array => candidates.get(id) ?? new Float64Array(n).fill(Number.NaN);
  const far = (id: string): Float64Array => {
    const toSuspicion = scaleOf(id);
    const real = (seed.get(id) ?? new Float64Array()).map(toSuspicion);
    const values = column(id).map(toSuspicion);
    return classes && OUTLYING_DAMAGE.includes(id)
      ? outlyingWithin(values, real, SMALLEST_STEP, classes)
      : outlying(values, real, SMALLEST_STEP);
  };
  const outliers = new Map([...NOVELTY, ...OUTLYING_DAMAGE].map((id) => [id, far(id)]));
  const anchored = new Map([
    ...[...outliers].map(([id, z]) => {
      // With too few images to know what is usual, the source's threshold stands in.
      const known = z.some((value) => !Number.isNaN(value));
      return [id, known ? suspicion(z) : beyondThreshold(scoreOf(id), column(id))] as const;
    }),
    ...PLAIN_DAMAGE.map((id) => [id, beyondThreshold(scoreOf(id), column(id))] as const),
  ]);
  const labelDoubt = new Map(LABEL_DOUBT.map((id) => [id, column(id).map((value) => 1 - value)]));
  const risk = candidates.get('label-risk');
  const hasRisk = risk?.some((value) => !Number.isNaN(value)) ?? false;
  const priorities = {
    'suspect-label': hasRisk ? aboveAverage(risk!) : meanOfKnown(n, [...labelDoubt.values()]),
    uncertain: column('margin').map((value) => 1 - value),
    novel: suspicion(
      meanOfKnown(
        n,
        NOVELTY.map((id) => outliers.get(id)!),
      ),
    ),
    damaged: largest(
      n,
      DAMAGE.map((id) => anchored.get(id)!),
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
    if (stratum === 'suspect-label' && hasRisk) return ['label-risk'];
    const [from, by] =
      stratum === 'suspect-label'
        ? [LABEL_DOUBT, labelDoubt]
        : [stratum === 'novel' ? NOVELTY : DAMAGE, anchored];
    return from.toSorted((a, b) => (by.get(b)![i]! || 0) - (by.get(a)![i]! || 0)).slice(0, 1);
  };
  const notable = (i: number): string[] => [
    ...NAMED.filter((id) => rarity(id, column(id)[i]!) <= RARE),
    ...DAMAGE.filter((id) => anchored.get(id)![i]! > 0),
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

/** A score on the scale that outlyingness is measured on: larger is more suspect, and a usual one is about 1. */
function scaleOf(id: string): (value: number) => number {
  // 1 - exp(-a / s) back to the distance a / s.
  if (id === 'isolation') return (value) => -Math.log(Math.max(1 - value, Number.EPSILON));
  if (id === 'sharpness') return (value) => -Math.log(value + 1);
  return scoreOf(id).suspect === 'low' ? (value) => -value : (value) => value;
}

/** How far each value lies beyond the threshold of the score's source, as a share of the way to the worst value. */
function beyondThreshold(score: Score, values: Float64Array): Float64Array {
  const { threshold, suspect } = score;
  if (threshold === null) return values.map(() => Number.NaN);
  const [low, high] = score.range;
  const way = suspect === 'low' ? threshold - low : high - threshold;
  return values.map((value) => {
    const gap = suspect === 'low' ? threshold - value : value - threshold;
    return Number.isNaN(gap) || gap > 0 ? gap / way : 0;
  });
}

/** Values above the mean of all; 0 for the others, which are no more suspect than an image drawn by lot. */
function aboveAverage(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return values.map((value) => (value <= mean ? 0 : value));
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

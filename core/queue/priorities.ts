import { PRIORITY_STRATA, type PriorityStratum } from '../../rpc/contract/terms.ts';
import { countAtMost, countBelow, sortedFinite } from '../base/numeric/percentile.ts';
import type { Place, Reason } from '../../rpc/contract/reasons.ts';
import {
  fromSuspicion,
  ORDINARY,
  outlying,
  outlyingWithin,
  SMALLEST_STEP,
  suspicion,
  type Classes,
} from '../measure/outlying.ts';
import { suspicionScale, type Score } from '../measure/scores/define.ts';
import { scores as registry } from '../measure/scores/registry.ts';
import { faultChances, usualChances } from './chance.ts';

/** The worst of several rules finds half as much as a score that ranks by itself, in the worlds that are chosen on. */
const RULES_WEIGHT = 0.5;
/** A score is a reason if the image is within this most suspect share of the candidates. */
const RARE = 0.05;

/** Columns by score id; a score that was not computed is absent, NaN means that it does not apply. */
export type ScoreColumns = ReadonlyMap<string, Float64Array>;

export interface Priorities {
  priorities: Record<PriorityStratum, Float64Array>;
  /**
   * The chance, 0..1, that a candidate has a fault of the stratum's kind (chance.ts), comparable across strata. Of
   * `uncertain` it is 0: it finds images that teach a model, not faults. Computed when asked for: only filling a queue
   * asks.
   */
  chances: () => Record<PriorityStratum, Float64Array>;
  /** Why a candidate is in a stratum: the deciding score, then other notable ones, the rarest first. */
  reasons: (candidate: number, stratum: PriorityStratum) => Reason[];
}

/**
 * Computes how much each of n candidates is worth reviewing, per stratum, from 0 (not at all; NaN if unknown) to 1, from
 * the scores that name the stratum in their `ranking`.
 *
 * `suspect-label` and `uncertain`: the mean of their scores' values, or of the stand-ins' if none of them is known;
 * `suspect-label` counts only values above the candidates' mean. `damaged`: the worst of its scores. `novel`: how
 * outlying its scores are on average. Outlying means against the real images and against the candidates (outlying.ts).
 *
 * @param candidates columns of n values
 * @param seed the same scores of the real images, out of sample: distances without the image itself
 * @param classes given labels of both
 * @param placeOf the part of a candidate's picture that a score with a place is about
 */
export function prioritise(
  n: number,
  candidates: ScoreColumns,
  seed: ScoreColumns,
  classes: Classes | null = null,
  placeOf: (candidate: number, score: Score) => Place | null = () => null,
): Priorities {
  const column = (id: string): Float64Array => candidates.get(id) ?? new Float64Array(n).fill(Number.NaN);
  const ranked = [...registry.values()].flatMap((score) =>
    score.ranking ? [{ score, ranking: score.ranking }] : [],
  );
  /** How outlying each candidate is, per score. */
  const outliers = new Map<string, Float64Array>();
  /** The same of each real image, among the real images. */
  const realOutliers = new Map<string, () => Float64Array>();
  /** Priority by each score alone. */
  const alone = new Map<string, Float64Array>();
  const byThreshold = new Set<string>();
  for (const { score, ranking } of ranked) {
    const { id } = score;
    if (ranking.by === 'outlying') {
      const scale = suspicionScale(score);
      const real = (seed.get(id) ?? new Float64Array()).map(scale);
      const values = column(id).map(scale);
      const z =
        classes && ranking.withinClass
          ? outlyingWithin(values, real, SMALLEST_STEP, classes)
          : outlying(values, real, SMALLEST_STEP);
      outliers.set(id, z);
      realOutliers.set(id, () =>
        classes && ranking.withinClass
          ? outlyingWithin(real, real, SMALLEST_STEP, { ofValues: classes.ofReal, ofReal: classes.ofReal })
          : outlying(real, real, SMALLEST_STEP),
      );
      // With too few images to know what is usual, the source's threshold applies.
      const known = z.some((value) => !Number.isNaN(value));
      if (known) alone.set(id, suspicion(z));
      else byThreshold.add(id);
    } else if (ranking.by === 'threshold') byThreshold.add(id);
    else alone.set(id, score.suspect === 'low' ? column(id).map((value) => 1 - value) : column(id));
    if (byThreshold.has(id)) alone.set(id, beyondThreshold(score, column(id)));
  }
  const ofStratum = (stratum: PriorityStratum) => ranked.filter(({ ranking }) => ranking.stratum === stratum);
  /** The scores that say how great the chance of a fault is, where they could be estimated. */
  const saying = (stratum: PriorityStratum): string[] =>
    ofStratum(stratum).flatMap(({ score, ranking }) =>
      ranking.by === 'chance' && column(score.id).some((value) => !Number.isNaN(value)) ? [score.id] : [],
    );
  /** The scores that decide a stratum: its stand-ins only where none says a chance. */
  const strata = Object.fromEntries(
    PRIORITY_STRATA.map((stratum) => {
      const own = ofStratum(stratum);
      const hasChance = saying(stratum).length > 0;
      return [
        stratum,
        own.filter(({ ranking }) => !(hasChance && ranking.standIn)).map(({ score }) => score.id),
      ];
    }),
  ) as Record<PriorityStratum, string[]>;
  const mean = (stratum: PriorityStratum, of = alone): Float64Array =>
    meanOfKnown(
      n,
      strata[stratum].map((id) => of.get(id)!),
    );
  const risk = mean('suspect-label');
  // An image that is judged by its objects is not judged as a whole besides.
  for (const { score } of ofStratum('suspect-label').filter(({ ranking }) => ranking.decides))
    alone.get(score.id)!.forEach((value, i) => {
      if (!Number.isNaN(value)) risk[i] = value;
    });
  const isStandIn = saying('suspect-label').length === 0;
  const priorities = {
    'suspect-label': isStandIn ? risk : aboveAverage(risk),
    uncertain: mean('uncertain'),
    novel: suspicion(mean('novel', outliers)),
    damaged: largest(
      n,
      strata.damaged.map((id) => alone.get(id)!),
    ),
  };
  const chances = (): Record<PriorityStratum, Float64Array> => {
    const m = Math.max(0, ...[...seed.values()].map((values) => values.length));
    const zOf = (id: string): Float64Array =>
      byThreshold.has(id) ? fromSuspicion(alone.get(id)!) : outliers.get(id)!;
    const isApart = (id: string): boolean => registry.get(id)!.ranking!.apart === true;
    const estimated = saying('damaged');
    // Novelty and the oddest part are among the signs that the chance of damage is estimated from.
    const unproved = estimated.length > 0 ? 0 : 1;
    /** Measures of damage, whether they decide or not: a proved excess of any of them is a fault. */
    const measures = ofStratum('damaged').flatMap(({ score, ranking }) =>
      ranking.by === 'chance' ? [] : [score.id],
    );
    const [apart, rules] = [measures.filter(isApart), measures.filter((id) => !isApart(id))];
    const realZOf = (id: string): Float64Array =>
      byThreshold.has(id)
        ? fromSuspicion(
            beyondThreshold(registry.get(id)!, seed.get(id) ?? new Float64Array(m).fill(Number.NaN)),
          )
        : realOutliers.get(id)!();
    return {
      'suspect-label': risk.map((value) => (isStandIn || Number.isNaN(value) ? 0 : value)),
      uncertain: new Float64Array(n),
      novel: chancesOf(
        meanOfKnown(n, strata.novel.map(zOf)),
        meanOfKnown(m, strata.novel.map(realZOf)),
        unproved,
      ),
      damaged: largest(n, [
        ...estimated.map(column),
        ...apart.map((id) => chancesOf(zOf(id), realZOf(id), unproved)),
        faultChances(largest(n, rules.map(zOf), -Infinity), largest(m, rules.map(realZOf), -Infinity)),
        usualChances(
          largest(n, strata.damaged.filter((id) => rules.includes(id)).map(zOf), -Infinity).map((z) =>
            z > ORDINARY ? z : -Infinity,
          ),
          RULES_WEIGHT,
        ),
      ]),
    };
  };

  const sorted = new Map<string, Float64Array>();
  /** Counts the candidates at least as suspect as a value of one of them, and those with a value. */
  const rankOf = (id: string, value: number): { rank: number; of: number } => {
    let ascending = sorted.get(id);
    if (!ascending) sorted.set(id, (ascending = sortedFinite(column(id))));
    const low = registry.get(id)!.suspect === 'low';
    const rank = low ? countAtMost(ascending, value) : ascending.length - countBelow(ascending, value);
    return { rank, of: ascending.length };
  };
  const rarity = (id: string, i: number): number => {
    const value = column(id)[i]!;
    if (Number.isNaN(value)) return 1;
    const { rank, of } = rankOf(id, value);
    return rank / of;
  };
  const isNotable = (score: Score, i: number): boolean => {
    if (score.reason === 'rare') return rarity(score.id, i) <= RARE;
    if (score.reason === 'flagged')
      return beyondThreshold(score, Float64Array.of(column(score.id)[i]!))[0]! > 0;
    return score.reason === 'ranked' && alone.get(score.id)![i]! > 0;
  };
  return {
    priorities,
    chances,
    reasons: (i, stratum) => {
      const [decided] = strata[stratum].toSorted(
        (a, b) => (alone.get(b)![i]! || 0) - (alone.get(a)![i]! || 0) || rarity(a, i) - rarity(b, i),
      );
      const others = [...registry.values()]
        .filter((score) => score.id !== decided && isNotable(score, i))
        .map(({ id }) => id)
        .sort((a, b) => rarity(a, i) - rarity(b, i));
      return (decided === undefined ? others : [decided, ...others]).flatMap((id): Reason[] => {
        const score = registry.get(id)!;
        const value = column(id)[i]!;
        if (Number.isNaN(value)) return [];
        const judged = byThreshold.has(id) || score.reason === 'flagged' ? score.threshold : null;
        const place = placeOf(i, score);
        return [
          {
            score: id,
            value,
            ...rankOf(id, value),
            ...(judged === null ? {} : { threshold: judged }),
            ...(place === null ? {} : { place }),
          },
        ];
      });
    },
  };
}

/** What the batch proves of faults, and at least what is usual of its most outlying images, by weight. */
function chancesOf(z: Float64Array, real: Float64Array, weight: number): Float64Array {
  return largest(z.length, [faultChances(z, real), usualChances(z, weight)]);
}

/** How far each value is beyond the threshold of the score's source, as a share of the way to the worst value. */
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

/** Keeps values above the mean; the others become 0: they are no more suspect than a random image. */
function aboveAverage(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return values.map((value) => (value <= mean ? 0 : value));
}

/** Row-wise mean of the columns with a value; NaN if none has one. */
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

/** Row-wise maximum of the columns; `least` if none has a value. */
function largest(n: number, columns: Float64Array[], least = 0): Float64Array {
  const out = new Float64Array(n).fill(least);
  for (const column of columns) {
    column.forEach((value, i) => {
      if (value > out[i]!) out[i] = value;
    });
  }
  return out;
}

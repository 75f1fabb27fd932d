import type { WeighedShare } from '../../../rpc/contract/answers.ts';
import type { LabelShare } from '../../../rpc/contract/reviews.ts';
import { entropy } from '../../base/numeric/entropy.ts';

/**
 * The shares of an image's answers with their weights beside them: the sum of the qualities of those who gave an answer,
 * over that of all. Null where anybody's quality is unknown: a guess for them would move everybody's share.
 *
 * @param qualities of those who gave each answer, in the order of `shares`
 */
export function weighed(
  shares: readonly LabelShare[],
  qualities: readonly (readonly (number | null)[])[],
): WeighedShare[] {
  const all = qualities.flat();
  const total = all.includes(null) ? 0 : all.reduce<number>((sum, quality) => sum + quality!, 0);
  return shares.map((share, i) => {
    const weight = total > 0 ? qualities[i]!.reduce<number>((sum, quality) => sum + quality!, 0) : null;
    return { ...share, weight, weightedShare: weight === null ? null : weight / total };
  });
}

/** Entropy of what people answered over ln(classes), 0..1; null where an answer names no class. */
export function entropyOfPeople(shares: readonly LabelShare[], classes: number): number | null {
  if (shares.some(({ label }) => label === null)) return null;
  const own = Float64Array.from(shares, ({ share }) => share);
  return entropy(own, 0, own.length) / Math.log(classes);
}

/** From this entropy over ln(classes) on something is split: that of two against one. */
export function splitFrom(classes: number): number {
  return entropy(Float64Array.of(2 / 3, 1 / 3), 0, 2) / Math.log(classes);
}

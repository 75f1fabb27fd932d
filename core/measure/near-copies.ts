import { quantileSorted } from '../base/numeric/percentile.ts';
import { LARGEST_RESIDUAL, LEAST_EXPLAINED, type Likeness } from './same-picture.ts';

/** A near-copy differs from its original by this part of what an image differs from its nearest look-alike. */
const PART_OF_USUAL = 0.35;
/** Whatever is usual: two encodings of one picture differ by a level, and no copy by more than 8. */
const STRICTEST = 1;
const LAXEST = 8;
const LEAST_EXPLAINED_OF_USUAL = 0.965;
/** With fewer images it is not known what is usual. */
const FEWEST = 20;

/** When two images of one batch are near-copies. */
export interface NearCopyRule {
  /** Levels of 255. */
  largestResidual: number;
  leastExplained: number;
}

/** No batch has a laxer rule: what fails it need not be kept. */
export const LAXEST_RULE: NearCopyRule = {
  largestResidual: LAXEST,
  leastExplained: LEAST_EXPLAINED_OF_USUAL,
};

/**
 * The rule for a batch, from each image's (or a sample's) smallest residual to any other one, Infinity where none came
 * near. Neighbouring frames of a turntable are as alike as copies are elsewhere, so what counts is to be much more
 * alike than is usual in the batch: under .35 of the median, between 1 and 8 levels. After cleanlab's rule for
 * near-duplicates (distance under .13 of the median nearest distance), carried over to pixels. Where more than half of
 * a batch are copies they are what is usual, and only the closest are found.
 */
export function nearCopyRule(smallestResiduals: number[]): NearCopyRule {
  if (smallestResiduals.length < FEWEST)
    return { largestResidual: LARGEST_RESIDUAL, leastExplained: LEAST_EXPLAINED };
  const usual = quantileSorted(Float64Array.from(smallestResiduals).sort(), 0.5);
  // A median between a number and Infinity is NaN or Infinity: nothing is usually near.
  const largest = Number.isFinite(usual) ? PART_OF_USUAL * usual : LAXEST;
  return {
    largestResidual: Math.min(LAXEST, Math.max(STRICTEST, largest)),
    leastExplained: LEAST_EXPLAINED_OF_USUAL,
  };
}

/** Whether a pair is a near-copy by the rule. */
export function isNearCopy({ residual, explained }: Likeness, rule: NearCopyRule): boolean {
  return residual <= rule.largestResidual && explained >= rule.leastExplained;
}

import type { BatchReport } from '../../rpc/contract/reports.ts';
import { countAtMost, countBelow } from '../base/numeric/percentile.ts';
import { kthWithin, nearestOf, transposed, type Distances } from './distances.ts';
import type { ImageSet } from './image-set.ts';

/**
 * Which generated images are authentic: farther from their nearest real image than that one is from its own nearest
 * real neighbour (Alaa et al. 2022; their code takes the wrong row). Real against real gives about 0.76, not 1: judge
 * by the yardstick. `between` is real x generated.
 */
export function authentic(real: Distances, between: Distances): Uint8Array {
  const own = kthWithin(real, 1);
  const { index, distance } = nearestOf(transposed(between));
  return Uint8Array.from(distance, (value, f) => (value > own[index[f]!]! ? 1 : 0));
}

/**
 * Data-copying test C_T over the whole space (Meehan et al. 2020): the Mann-Whitney Z of the distances to the training
 * images, of the generated against held-out real ones. Far below 0 (-3 and less): generated images lie nearer to the
 * training set than real ones do, so they are copies. Ties get mean ranks, without a tie correction of the variance.
 */
export function copyingZ(generatedToTrain: Float64Array, heldOutToTrain: Float64Array): number {
  const n = generatedToTrain.length;
  const m = heldOutToTrain.length;
  const sorted = heldOutToTrain.toSorted();
  let u = 0;
  // Half of the equal ones count as below: mean ranks.
  for (const value of generatedToTrain) u += (countBelow(sorted, value) + countAtMost(sorted, value)) / 2;
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** A rare kind of image has few of its kind around it: with 50, as in Carlini et al., all near it would look copied. */
const CROWD = 10;
/**
 * A generated image whose distance to a real one is under this part of that one's mean neighbour distance may be a
 * copy.
 */
const COPY_RATIO = 0.35;
export const MOST_PAIRS = 24;

/**
 * Pairs whose distance is small against the mean distance of the real image to its 10 nearest real ones, the closest
 * first. No measure tells memorising from a narrow world: a person has to look. `between` is real x generated.
 */
export function possibleCopies(
  real: ImageSet,
  batch: ImageSet,
  within: Distances,
  between: Distances,
): BatchReport['memorised'] {
  const crowd = Math.min(CROWD, within.rows - 1);
  const around = Float64Array.from({ length: within.rows }, (_, i) => {
    const row = within.data.slice(i * within.columns, (i + 1) * within.columns);
    row[i] = Infinity;
    return (
      row
        .sort()
        .subarray(0, crowd)
        .reduce((sum, value) => sum + value, 0) / crowd
    );
  });
  const { index, distance } = nearestOf(transposed(between));
  return [...distance.keys()]
    .map((f) => ({
      sha256: batch.sha256[f]!,
      path: batch.path[f]!,
      realSha256: real.sha256[index[f]!]!,
      realPath: real.path[index[f]!]!,
      ratio: around[index[f]!]! > 0 ? distance[f]! / around[index[f]!]! : 1,
      confirmed: false,
      alteration: null,
    }))
    .filter(({ ratio }) => ratio < COPY_RATIO)
    .sort((a, b) => a.ratio - b.ratio)
    .slice(0, MOST_PAIRS);
}

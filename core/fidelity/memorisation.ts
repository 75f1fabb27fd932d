import { kthWithin, nearestOf, transposed, type Distances } from './distances.ts';

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
  for (const value of generatedToTrain) {
    const below = lowerBound(sorted, value);
    let equal = 0;
    while (sorted[below + equal] === value) equal++;
    u += below + equal / 2;
  }
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

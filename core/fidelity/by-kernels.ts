/**
 * Measures of whole sets, however large: what takes all distances or all images comes from the kernels, block by block,
 * and no table of distances is made. The numbers are those of the functions of the same name beside it.
 */
import { Matrix } from 'ml-matrix';
import type { Kernels, Moments } from '../../models/types.ts';
import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { atInfinity, extrapolationSizes, frechetOfMoments, type SetMoments } from './frechet.ts';
import type { Prdc } from './prdc.ts';

/** A set that the kernels hold under a name. */
export interface HeldSet {
  matrix: string;
  data: Float32Array;
  dimensions: number;
}

/** Puts a set into the kernels. Whoever puts it drops it. */
export async function hold(
  kernels: Kernels,
  matrix: string,
  data: Float32Array,
  dimensions: number,
): Promise<HeldSet> {
  await kernels.putMatrix(matrix, data, data.length / dimensions, dimensions);
  return { matrix, data, dimensions };
}

/** Squared distance of every row to its k-th nearest other row, in float64 as everything that is compared with it. */
async function squaredRadii(kernels: Kernels, set: HeldSet, k: number): Promise<Float64Array> {
  const { matrix, data, dimensions } = set;
  const n = data.length / dimensions;
  const { index } = await kernels.nearest(
    data,
    matrix,
    k,
    Int32Array.from({ length: n }, (_, i) => i),
  );
  return Float64Array.from({ length: n }, (_, i) => {
    const other = index[(i + 1) * k - 1]!;
    let sum = 0;
    for (let d = 0; d < dimensions; d++) {
      const difference = data[i * dimensions + d]! - data[other * dimensions + d]!;
      sum += difference * difference;
    }
    return sum;
  });
}

/**
 * `prdc` of two whole sets of more than k rows each. O((n + m)^2 d) time, O(n + m) memory: four times the work of a
 * matrix product of the sets.
 */
export async function prdcBy(kernels: Kernels, real: HeldSet, generated: HeldSet, k = 5): Promise<Prdc> {
  const aroundReal = await kernels.within(
    generated.matrix,
    real.matrix,
    await squaredRadii(kernels, real, k),
  );
  const aroundGenerated = await kernels.within(
    real.matrix,
    generated.matrix,
    await squaredRadii(kernels, generated, k),
  );
  const share = (values: Int32Array | Uint8Array): number => {
    let some = 0;
    for (const value of values) if (value > 0) some++;
    return some / values.length;
  };
  return {
    precision: share(aroundReal.balls),
    recall: share(aroundGenerated.balls),
    density: aroundReal.balls.reduce((sum, value) => sum + value, 0) / (k * aroundReal.balls.length),
    coverage: share(aroundReal.occupied),
  };
}

/** `frechetDistance` of two whole sets. */
export async function frechetBy(kernels: Kernels, a: HeldSet, b: HeldSet): Promise<number> {
  const [left, right] = [
    await kernels.moments({ matrix: a.matrix }),
    await kernels.moments({ matrix: b.matrix }),
  ];
  return frechetOfMoments(momentsOf(left), momentsOf(right));
}

/** `frechetExtrapolated` of two whole sets: 50 draws a side, none of which is copied here. */
export async function frechetExtrapolatedBy(
  kernels: Kernels,
  a: HeldSet,
  b: HeldSet,
  random: Random,
  signal?: AbortSignal,
): Promise<number> {
  const [n, m] = [a.data.length / a.dimensions, b.data.length / b.dimensions];
  const sizes = extrapolationSizes(Math.min(n, m), a.dimensions);
  const distances: number[] = [];
  for (const size of sizes) {
    signal?.throwIfAborted();
    const [left, right] = [
      await kernels.moments({ matrix: a.matrix, rows: sampleWithoutReplacement(random, n, size) }),
      await kernels.moments({ matrix: b.matrix, rows: sampleWithoutReplacement(random, m, size) }),
    ];
    distances.push(frechetOfMoments(momentsOf(left), momentsOf(right)));
  }
  return atInfinity(sizes, distances);
}

/** `kernelDistance` of two whole sets of as many rows. */
export async function kernelDistanceBy(kernels: Kernels, a: HeldSet, b: HeldSet): Promise<number> {
  const n = a.data.length / a.dimensions;
  const within = async (set: HeldSet): Promise<number> => {
    let diagonal = 0;
    for (let start = 0; start < set.data.length; start += set.dimensions) {
      let square = 0;
      for (let at = start; at < start + set.dimensions; at++) square += set.data[at]! * set.data[at]!;
      diagonal += (square / set.dimensions + 1) ** 3;
    }
    return (await kernels.kernelSum(set.matrix, set.matrix, { cubic: true })) - diagonal;
  };
  const cross = await kernels.kernelSum(a.matrix, b.matrix, { cubic: true });
  return ((await within(a)) + (await within(b))) / (n * (n - 1)) - (2 * cross) / (n * n);
}

/** `gaussianDiscrepancy` of two whole sets. */
export async function gaussianDiscrepancyBy(
  kernels: Kernels,
  a: HeldSet,
  b: HeldSet,
  sigma: number,
): Promise<number> {
  const [n, m] = [a.data.length / a.dimensions, b.data.length / b.dimensions];
  const mean = async (left: HeldSet, right: HeldSet, pairs: number): Promise<number> =>
    (await kernels.kernelSum(left.matrix, right.matrix, { sigma })) / pairs;
  return 1000 * ((await mean(a, a, n * n)) + (await mean(b, b, m * m)) - 2 * (await mean(a, b, n * m)));
}

function momentsOf({ mean, covariance }: Moments): SetMoments {
  return { mean, covariance: Matrix.from1DArray(mean.length, mean.length, [...covariance]) };
}

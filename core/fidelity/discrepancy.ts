import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { cholesky } from '../base/numeric/cholesky.ts';
import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { symmetricEigenvalues } from '../base/numeric/symmetric-eigenvalues.ts';
import type { Distances } from './distances.ts';
import { countOf, meanOf, pickRows, type Vectors } from './image-set.ts';

/** Covariance with n - 1, symmetric. */
export function covariance(vectors: Vectors): Matrix {
  const { data, dimensions } = vectors;
  const mean = meanOf(vectors);
  const n = countOf(vectors);
  const centred = new Matrix(n, dimensions);
  for (let i = 0; i < n; i++)
    for (let d = 0; d < dimensions; d++) centred.set(i, d, data[i * dimensions + d]! - mean[d]!);
  return centred
    .transpose()
    .mmul(centred)
    .div(Math.max(1, n - 1));
}

/** Eigenvalues of a symmetric matrix, with those that rounding made negative as 0, and the vectors as columns. */
export function symmetricEigen(matrix: Matrix): { values: Float64Array; vectors: Matrix } {
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return {
    values: Float64Array.from(found.realEigenvalues, (value) => Math.max(0, value)),
    vectors: found.eigenvectorMatrix,
  };
}

/** Times d and the largest diagonal entry: a pivot of less is the rounding of 0. */
const NO_PIVOT = 1e-15;

/**
 * Frechet distance `|mu1 - mu2|^2 + tr(S1 + S2 - 2 (S1 S2)^1/2)`, the last term from the eigenvalues of `L^T S2 L` with
 * `L L^T = S1`, which is symmetric and has those of `S1 S2`. O(n d^2 + d^3). Biased upwards for small n: see
 * `frechetExtrapolated`.
 */
export function frechetDistance(a: Vectors, b: Vectors): number {
  const [left, right] = [covariance(a), covariance(b)];
  const other = meanOf(b);
  const shift = meanOf(a).reduce((sum, value, d) => sum + (value - other[d]!) ** 2, 0);
  const d = left.rows;
  const least = NO_PIVOT * d * left.diagonal().reduce((most, value) => Math.max(most, value), 0);
  const factor = Matrix.from1DArray(d, d, cholesky(left.to1DArray(), d, least));
  const product = factor.transpose().mmul(right).mmul(factor);
  const values = symmetricEigenvalues(product.to1DArray(), d);
  const traces = left.trace() + right.trace();
  return shift + traces - 2 * values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

const SIZES = 10;
const DRAWS = 5;

/**
 * The distance of samples without end: both sides are drawn at ten sizes from `max(2 d, n / 4)` to n, five times each,
 * and `a + b / size` is fitted by least squares (Chong & Forsyth 2020, on both sides, as one-sided extrapolation stays
 * biased). About 0 for two samples of one distribution, and then as often below as above. NaN where there are fewer
 * than 2 d + 1 images.
 */
export function frechetExtrapolated(a: Vectors, b: Vectors, random: Random): number {
  const most = Math.min(countOf(a), countOf(b));
  const least = Math.max(2 * a.dimensions, Math.ceil(most / 4));
  if (least >= most) return Number.NaN;
  const inverse: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < SIZES * DRAWS; i++) {
    const size = Math.round(least + ((most - least) * Math.floor(i / DRAWS)) / (SIZES - 1));
    inverse.push(1 / size);
    distances.push(
      frechetDistance(
        pickRows(a, sampleWithoutReplacement(random, countOf(a), size)),
        pickRows(b, sampleWithoutReplacement(random, countOf(b), size)),
      ),
    );
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(inverse), mean(distances)];
  const slope =
    inverse.reduce((sum, value, i) => sum + (value - x) * (distances[i]! - y), 0) /
    inverse.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return y - slope * x;
}

/** Sums of `kernel` over all pairs of two sets, and over the diagonal. */
function kernelSums(
  a: Vectors,
  b: Vectors,
  kernel: (dot: number, squared: number) => number,
): { all: number; diagonal: number } {
  const { dimensions } = a;
  let all = 0;
  let diagonal = 0;
  for (let i = 0; i < countOf(a); i++)
    for (let j = 0; j < countOf(b); j++) {
      let dot = 0;
      let squared = 0;
      for (let d = 0; d < dimensions; d++) {
        const x = a.data[i * dimensions + d]!;
        const y = b.data[j * dimensions + d]!;
        dot += x * y;
        squared += (x - y) * (x - y);
      }
      const value = kernel(dot, squared);
      all += value;
      if (i === j) diagonal += value;
    }
  return { all, diagonal };
}

/**
 * Kernel distance: the unbiased squared maximum mean discrepancy with `(x.y / d + 1)^3` (Binkowski et al. 2018). Both
 * sets have as many rows; may be below 0. O(n^2 d).
 */
export function kernelDistance(a: Vectors, b: Vectors): number {
  const n = Math.min(countOf(a), countOf(b));
  const kernel = (dot: number): number => (dot / a.dimensions + 1) ** 3;
  const within = [kernelSums(a, a, kernel), kernelSums(b, b, kernel)];
  const cross = kernelSums(a, b, kernel).all / (n * n);
  return within.reduce((sum, { all, diagonal }) => sum + (all - diagonal) / (n * (n - 1)), 0) - 2 * cross;
}

/**
 * 1000 times the biased squared discrepancy with a Gaussian kernel (CMMD, Jayasumana et al. 2024), from the distances
 * within and between two sets. `sigma` is 10 for unit vectors of CLIP, and the median distance between real images for
 * other embedders.
 */
export function discrepancyOfDistances(
  first: Distances,
  second: Distances,
  between: Distances,
  sigma: number,
): number {
  const mean = ({ data }: Distances): number =>
    data.reduce((sum, distance) => sum + Math.exp(-(distance ** 2) / (2 * sigma * sigma)), 0) / data.length;
  return 1000 * (mean(first) + mean(second) - 2 * mean(between));
}

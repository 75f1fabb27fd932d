import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { cholesky } from '../base/numeric/cholesky.ts';
import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { symmetricEigenvalues } from '../base/numeric/symmetric-eigenvalues.ts';
import { countOf, meanOf, pickRows, type Vectors } from './set-vectors.ts';

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

/** Eigenvalues of a symmetric matrix, what is below 0 by rounding taken as 0, with the vectors as columns. */
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

/** `exp(entropy)` of the normalised eigenvalues of the covariance: how many directions are in use (Roy & Vetterli 2007). */
export function effectiveRank(vectors: Vectors): number {
  const covariances = covariance(vectors);
  const values = symmetricEigenvalues(covariances.to1DArray(), vectors.dimensions).map((v) => Math.max(0, v));
  const total = values.reduce((a, b) => a + b, 0);
  return Math.exp(-values.reduce((sum, v) => (v > 0 ? sum + (v / total) * Math.log(v / total) : sum), 0));
}

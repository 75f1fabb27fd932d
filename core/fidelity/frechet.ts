import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
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

/** Of the largest diagonal entry: a pivot of less is the rounding of 0. */
const NO_PIVOT = 1e-15;

/** Lower triangle L with L L^T = matrix, which is positive semidefinite; a direction without extent is a column of 0. */
function choleskyFactor(matrix: Matrix): Matrix {
  const n = matrix.rows;
  const factor = Matrix.zeros(n, n);
  const rows = Array.from({ length: n }, () => new Float64Array(n));
  const least = NO_PIVOT * n * matrix.diagonal().reduce((most, value) => Math.max(most, value), 0);
  for (let i = 0; i < n; i++) {
    const own = rows[i]!;
    for (let j = 0; j <= i; j++) {
      const other = rows[j]!;
      let sum = matrix.get(i, j);
      for (let k = 0; k < j; k++) sum -= own[k]! * other[k]!;
      if (i === j) own[j] = sum > least ? Math.sqrt(sum) : 0;
      else own[j] = other[j]! > 0 ? sum / other[j]! : 0;
    }
    factor.setRow(i, own);
  }
  return factor;
}

/** Mean and covariance of a set. */
export interface SetMoments {
  mean: Float64Array;
  covariance: Matrix;
}

/**
 * Frechet distance `|mu1 - mu2|^2 + tr(S1 + S2 - 2 (S1 S2)^1/2)`, the last term from the eigenvalues of `L^T S2 L` with
 * `L L^T = S1`, which is symmetric and has those of `S1 S2`. O(d^3).
 */
export function frechetOfMoments(a: SetMoments, b: SetMoments): number {
  const shift = a.mean.reduce((sum, value, d) => sum + (value - b.mean[d]!) ** 2, 0);
  const factor = choleskyFactor(a.covariance);
  const product = factor.transpose().mmul(b.covariance).mmul(factor);
  const values = symmetricEigenvalues(product.to1DArray(), product.rows);
  const traces = a.covariance.trace() + b.covariance.trace();
  return shift + traces - 2 * values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

/** `frechetOfMoments` of two sets. O(n d^2 + d^3). Biased upwards for small n: see `frechetExtrapolated`. */
export function frechetDistance(a: Vectors, b: Vectors): number {
  return frechetOfMoments(
    { mean: meanOf(a), covariance: covariance(a) },
    { mean: meanOf(b), covariance: covariance(b) },
  );
}

const SIZES = 10;
const DRAWS = 5;

/**
 * The sizes at which samples are drawn to extrapolate from, five of each: ten from `max(2 d, n / 4)` to n. None where
 * there are fewer than 2 d + 1 images.
 */
export function extrapolationSizes(most: number, dimensions: number): number[] {
  const least = Math.max(2 * dimensions, Math.ceil(most / 4));
  if (least >= most) return [];
  return Array.from({ length: SIZES * DRAWS }, (_, i) =>
    Math.round(least + ((most - least) * Math.floor(i / DRAWS)) / (SIZES - 1)),
  );
}

/** The `a` of the least-squares line `a + b / size` through distances at sizes. NaN without any. */
export function atInfinity(sizes: number[], distances: number[]): number {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const inverse = sizes.map((size) => 1 / size);
  const [x, y] = [mean(inverse), mean(distances)];
  const slope =
    inverse.reduce((sum, value, i) => sum + (value - x) * (distances[i]! - y), 0) /
    inverse.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return y - slope * x;
}

/**
 * The distance that samples without end would have: both sides are drawn at equal sizes, and `a + b / n` is fitted
 * (Chong & Forsyth 2020, on both sides as one-sided extrapolation stays biased). About 0 for two samples of one
 * distribution, and then as often below as above. NaN where there are fewer than 2 d + 1 images.
 */
export function frechetExtrapolated(a: Vectors, b: Vectors, random: Random): number {
  const sizes = extrapolationSizes(Math.min(countOf(a), countOf(b)), a.dimensions);
  const distances = sizes.map((size) =>
    frechetDistance(
      pickRows(a, sampleWithoutReplacement(random, countOf(a), size)),
      pickRows(b, sampleWithoutReplacement(random, countOf(b), size)),
    ),
  );
  return atInfinity(sizes, distances);
}

/** `exp(entropy)` of the normalised eigenvalues of the covariance: how many directions are in use (Roy & Vetterli 2007). */
export function effectiveRank(vectors: Vectors): number {
  const covariances = covariance(vectors);
  const values = symmetricEigenvalues(covariances.to1DArray(), vectors.dimensions).map((v) => Math.max(0, v));
  const total = values.reduce((a, b) => a + b, 0);
  return Math.exp(-values.reduce((sum, v) => (v > 0 ? sum + (v / total) * Math.log(v / total) : sum), 0));
}

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { sampleWithoutReplacement, type Random } from '../numeric/random.ts';
import { countOf, meanOf, pickRows, type Vectors } from './vectors.ts';

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

function squareRoot(matrix: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(matrix);
  const scaled = vectors.clone();
  values.forEach((value, column) => scaled.mulColumn(column, Math.sqrt(value)));
  return scaled.mmul(vectors.transpose());
}

/**
 * Frechet distance `|mu1 - mu2|^2 + tr(S1 + S2 - 2 (S1 S2)^1/2)`, the last term from the eigenvalues of
 * `S1^1/2 S2 S1^1/2`, which is symmetric. O(n d^2 + d^3). Biased upwards for small n: see `frechetExtrapolated`.
 */
export function frechetDistance(a: Vectors, b: Vectors): number {
  const means = [meanOf(a), meanOf(b)];
  const shift = means[0]!.reduce((sum, value, d) => sum + (value - means[1]![d]!) ** 2, 0);
  const left = covariance(a);
  const right = covariance(b);
  const root = squareRoot(left);
  const product = root.mmul(right).mmul(root);
  // Rounding breaks the symmetry by a few ulps, which the solver must not see.
  const { values } = symmetricEigen(product.clone().add(product.transpose()).div(2));
  return shift + left.trace() + right.trace() - 2 * values.reduce((sum, value) => sum + Math.sqrt(value), 0);
}

const SIZES = 10;
const DRAWS = 5;

/**
 * The distance that samples without end would have: both sides are drawn at equal sizes from `max(2 d, n / 4)` to n,
 * and `a + b / n` is fitted (Chong & Forsyth 2020, on both sides as one-sided extrapolation stays biased). About 0 for
 * two samples of one distribution, and then as often below as above. NaN where there are fewer than 2 d + 1 images.
 */
export function frechetExtrapolated(a: Vectors, b: Vectors, random: Random): number {
  const most = Math.min(countOf(a), countOf(b));
  const least = Math.max(2 * a.dimensions, Math.ceil(most / 4));
  if (least >= most) return Number.NaN;
  const points: [inverse: number, distance: number][] = [];
  for (let step = 0; step < SIZES; step++) {
    const size = Math.round(least + ((most - least) * step) / (SIZES - 1));
    for (let draw = 0; draw < DRAWS; draw++)
      points.push([
        1 / size,
        frechetDistance(
          pickRows(a, sampleWithoutReplacement(random, countOf(a), size)),
          pickRows(b, sampleWithoutReplacement(random, countOf(b), size)),
        ),
      ]);
  }
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return y - slope * x;
}

/** `exp(entropy)` of the normalised eigenvalues of the covariance: how many directions are in use (Roy & Vetterli 2007). */
export function effectiveRank(vectors: Vectors): number {
  const { values } = symmetricEigen(covariance(vectors));
  const total = values.reduce((a, b) => a + b, 0);
  return Math.exp(-values.reduce((sum, v) => (v > 0 ? sum + (v / total) * Math.log(v / total) : sum), 0));
}

import { Matrix } from 'ml-matrix';
import { lgamma } from '../base/numeric/special.ts';
import { symmetricEigenvalues } from '../base/numeric/symmetric-eigenvalues.ts';
import { covariance } from './discrepancy.ts';
import { kthWithin, type Distances } from './distances.ts';
import { countOf, unitRows, type Vectors } from './image-set.ts';

/**
 * Vendi score: the effective number of different images, from the eigenvalues w of the cosine Gram matrix over n:
 * `exp(-sum w ln w)` for q = 1, `(sum w^q)^(1 / (1 - q))` else, `1 / max w` for infinity (Friedman & Dieng 2023,
 * Pasarkar & Dieng 2024). Taken from the d x d dual, which has the same spectrum. 1 for identical rows, n for
 * orthogonal ones.
 */
export function vendiScore(vectors: Vectors, q = 1): number {
  const { data, dimensions } = unitRows(vectors);
  const n = countOf(vectors);
  const rows = new Matrix(n, dimensions);
  for (let i = 0; i < n; i++) for (let d = 0; d < dimensions; d++) rows.set(i, d, data[i * dimensions + d]!);
  const small = n <= dimensions ? rows.mmul(rows.transpose()) : rows.transpose().mmul(rows);
  const values = symmetricEigenvalues(small.div(n).to1DArray(), small.rows).map((w) => Math.max(0, w));
  if (q === Infinity) return 1 / values.reduce((a, b) => Math.max(a, b), 0);
  if (q !== 1) return values.reduce((sum, w) => sum + w ** q, 0) ** (1 / (1 - q));
  return Math.exp(-values.reduce((sum, w) => (w > 0 ? sum + w * Math.log(w) : sum), 0));
}

/**
 * `exp(entropy)` of the normalised eigenvalues of the covariance: how many directions are in use (Roy & Vetterli 2007).
 */
export function effectiveRank(vectors: Vectors): number {
  const covariances = covariance(vectors);
  const values = symmetricEigenvalues(covariances.to1DArray(), vectors.dimensions).map((v) => Math.max(0, v));
  const total = values.reduce((a, b) => a + b, 0);
  return Math.exp(-values.reduce((sum, v) => (v > 0 ? sum + (v / total) * Math.log(v / total) : sum), 0));
}

const SMALLEST = 1e-12;

/** Digamma for positive x: recurrence up to 6, then the asymptotic series. */
function digamma(x: number): number {
  let shift = 0;
  while (x < 6) shift -= 1 / x++;
  const inverse = 1 / (x * x);
  return (
    shift +
    Math.log(x) -
    1 / (2 * x) -
    inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))))
  );
}

/**
 * Kozachenko-Leonenko entropy in nats from the k-th nearest neighbours:
 * `psi(n) - psi(k) + d/2 ln pi - ln Gamma(d/2 + 1) + d/n sum ln eps`. Only differences at equal n mean anything; exact
 * duplicates count as 1e-12 apart, so take them out first.
 */
export function neighbourEntropy(within: Distances, dimensions: number, k = 3): number {
  const n = within.rows;
  const logs = kthWithin(within, k).reduce((sum, eps) => sum + Math.log(Math.max(eps, SMALLEST)), 0);
  return (
    digamma(n) -
    digamma(k) +
    (dimensions / 2) * Math.log(Math.PI) -
    lgamma(dimensions / 2 + 1) +
    (dimensions / n) * logs
  );
}

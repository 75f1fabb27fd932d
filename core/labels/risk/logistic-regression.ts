import { CholeskyDecomposition, Matrix } from 'ml-matrix';

const MOST_STEPS = 50;
const TOLERANCE = 1e-9;
/** Tiny penalty of the bias, so that the system always has a solution. */
const BIAS_PENALTY = 1e-6;

export interface WeightedRows {
  /** n x columns, row-major, finite. */
  x: Float64Array;
  columns: number;
  /** n values: 1 or 0. */
  y: ArrayLike<number>;
  /** n values of 0 or more. */
  weight: ArrayLike<number>;
}

/**
 * Ridge-penalised logistic regression for a handful of columns: the minimum of sum w ln(1 + e^-z) + penalty/2 |b|^2,
 * bias free, by Newton's method with step halving (Hastie, Tibshirani, Friedman, The Elements of Statistical Learning,
 * 4.4.1). Returns columns + 1 coefficients, the bias first. Cost: n columns^2 per step; a few steps.
 */
export function fitLogisticRegression(
  { x, columns, y, weight }: WeightedRows,
  penalty: number,
): Float64Array {
  const size = columns + 1;
  let coefficients = new Float64Array(size);
  let loss = lossAt({ x, columns, y, weight }, penalty, coefficients);
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let i = 0; i < y.length; i++) {
      const w = weight[i]!;
      if (w === 0) continue;
      const p = 1 / (1 + Math.exp(-linear(x, columns, i, coefficients)));
      const slope = w * (p - y[i]!);
      const bend = w * p * (1 - p);
      for (let a = 0; a < size; a++) {
        const left = a === 0 ? 1 : x[i * columns + a - 1]!;
        gradient[a]! += slope * left;
        for (let b = 0; b <= a; b++)
          hessian[a * size + b]! += bend * left * (b === 0 ? 1 : x[i * columns + b - 1]!);
      }
    }
    for (let a = 0; a < size; a++) {
      const own = a === 0 ? BIAS_PENALTY : penalty;
      gradient[a]! += own * coefficients[a]!;
      hessian[a * size + a]! += own;
      for (let b = 0; b < a; b++) hessian[b * size + a] = hessian[a * size + b]!;
    }
    const down = new CholeskyDecomposition(Matrix.from1DArray(size, size, Array.from(hessian)))
      .solve(Matrix.columnVector(Array.from(gradient)))
      .to1DArray();
    let scale = 1;
    let next = coefficients;
    let nextLoss = loss;
    for (; scale > 1e-6; scale /= 2) {
      const shrink = scale;
      next = coefficients.map((value, a) => value - shrink * down[a]!);
      nextLoss = lossAt({ x, columns, y, weight }, penalty, next);
      if (nextLoss <= loss) break;
    }
    if (!(nextLoss <= loss)) break;
    const moved = Math.max(...down.map((value) => Math.abs(scale * value)));
    coefficients = next;
    loss = nextLoss;
    if (moved < TOLERANCE) break;
  }
  return coefficients;
}

/** Bias plus the products of row i with the coefficients. */
export function linear(x: Float64Array, columns: number, i: number, coefficients: Float64Array): number {
  let z = coefficients[0]!;
  for (let c = 0; c < columns; c++) z += coefficients[c + 1]! * x[i * columns + c]!;
  return z;
}

function lossAt({ x, columns, y, weight }: WeightedRows, penalty: number, b: Float64Array): number {
  let loss = (BIAS_PENALTY / 2) * b[0]! ** 2;
  for (let c = 1; c < b.length; c++) loss += (penalty / 2) * b[c]! ** 2;
  for (let i = 0; i < y.length; i++) {
    if (weight[i] === 0) continue;
    const z = linear(x, columns, i, b);
    // ln(1 + e^z) - y z without overflow.
    loss += weight[i]! * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y[i]! * z);
  }
  return loss;
}

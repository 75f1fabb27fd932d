import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';

/** A mean and orthonormal axes, the one of the largest variance first. */
export interface Projection {
  dimensions: number;
  mean: Float64Array;
  /** One array of `dimensions` numbers per axis, of length 1, its largest entry positive. */
  axes: Float64Array[];
}

/** Iterations: the leading axes converge much earlier. */
const STEPS = 40;
/** Extra directions, so that the last requested ones converge as fast. */
const SPARE = 8;

/**
 * Principal axes of n rows (row-major, n x dimensions): the leading eigenvectors of their covariance (Pearson 1901), by
 * orthogonal iteration with a Rayleigh-Ritz step at the end (Golub & Van Loan, Matrix Computations, 8.2). Time n d^2 + 40
 * d^2 k. Rows that are not finite are left out. Returns fewer axes if there are fewer dimensions.
 */
export function fitPca(rows: Float32Array, dimensions: number, count: number): Projection {
  const usable = finiteRows(rows, dimensions);
  const mean = meanOf(rows, dimensions, usable);
  const covariance = covarianceOf(rows, dimensions, usable, mean);
  const k = Math.min(dimensions, count);
  const width = Math.min(dimensions, k + SPARE);
  const random = mulberry32(1);
  let basis: Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: dimensions }, () => gaussian(random)),
  );
  orthonormalise(basis);
  for (let step = 0; step < STEPS; step++) {
    basis = basis.map((axis) => times(covariance, dimensions, axis));
    orthonormalise(basis);
  }
  return { dimensions, mean, axes: ritz(covariance, dimensions, basis).slice(0, k) };
}

/** Rows in the coordinates of the axes: n x axes, row-major. */
export function project(rows: Float32Array, { dimensions, mean, axes }: Projection): Float32Array {
  const n = rows.length / dimensions;
  const k = axes.length;
  const flat = new Float32Array(k * dimensions);
  const offsets = new Float64Array(k);
  for (const [a, axis] of axes.entries()) {
    flat.set(axis, a * dimensions);
    offsets[a] = dot(axis, mean);
  }
  const found = new Float32Array(n * k);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let j = i * dimensions, at = a * dimensions, end = j + dimensions; j < end; j++, at++)
        sum += rows[j]! * flat[at]!;
      found[i * k + a] = sum - offsets[a]!;
    }
  return found;
}

function finiteRows(rows: Float32Array, dimensions: number): number[] {
  const usable: number[] = [];
  for (let start = 0; start < rows.length; start += dimensions)
    if (rows.subarray(start, start + dimensions).every(Number.isFinite)) usable.push(start);
  return usable;
}

function meanOf(rows: Float32Array, dimensions: number, usable: number[]): Float64Array {
  const mean = new Float64Array(dimensions);
  for (const start of usable) for (let j = 0; j < dimensions; j++) mean[j]! += rows[start + j]!;
  return mean.map((sum) => sum / Math.max(1, usable.length));
}

function covarianceOf(
  rows: Float32Array,
  dimensions: number,
  usable: number[],
  mean: Float64Array,
): Float64Array {
  const covariance = new Float64Array(dimensions * dimensions);
  const centred = new Float64Array(dimensions);
  for (const start of usable) {
    for (let j = 0; j < dimensions; j++) centred[j] = rows[start + j]! - mean[j]!;
    for (let a = 0; a < dimensions; a++) {
      const value = centred[a]!;
      for (let b = a, at = a * dimensions + a; b < dimensions; b++, at++)
        covariance[at]! += value * centred[b]!;
    }
  }
  for (let a = 0; a < dimensions; a++)
    for (let b = 0; b < a; b++) covariance[a * dimensions + b] = covariance[b * dimensions + a]!;
  return covariance;
}

function times(matrix: Float64Array, size: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(size);
  for (let row = 0, at = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++, at++) sum += matrix[at]! * vector[column]!;
    product[row] = sum;
  }
  return product;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Modified Gram-Schmidt, twice, in place. A direction that vanishes stays zero: no variance is left. */
function orthonormalise(basis: Float64Array[]): void {
  for (const [i, axis] of basis.entries()) {
    const before = Math.sqrt(dot(axis, axis));
    for (let round = 0; round < 2; round++)
      for (const other of basis.slice(0, i)) {
        const along = dot(axis, other);
        for (let j = 0; j < axis.length; j++) axis[j]! -= along * other[j]!;
      }
    const length = Math.sqrt(dot(axis, axis));
    const scale = length > 1e-10 * before ? 1 / length : 0;
    for (let j = 0; j < axis.length; j++) axis[j]! *= scale;
  }
}

/** Turns a basis of the leading subspace into the eigenvectors themselves. */
function ritz(covariance: Float64Array, dimensions: number, basis: Float64Array[]): Float64Array[] {
  const images = basis.map((axis) => times(covariance, dimensions, axis));
  const small = new Matrix(basis.map((axis) => images.map((image) => dot(axis, image))));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, {
    assumeSymmetric: true,
  });
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return order.map((column) => {
    const axis = new Float64Array(dimensions);
    for (const [row, direction] of basis.entries()) {
      const weight = eigenvectorMatrix.get(row, column);
      for (let j = 0; j < dimensions; j++) axis[j]! += weight * direction[j]!;
    }
    const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    return largest < 0 ? axis.map((value) => -value) : axis;
  });
}

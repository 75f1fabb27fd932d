import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { gaussian, mulberry32 } from './random.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/** B^T B of a random rows x n matrix: positive, of the rank of the smaller side. */
function gram(n: number, rows: number, seed: number): Matrix {
  const random = mulberry32(seed);
  const b = Matrix.from1DArray(
    rows,
    n,
    Array.from({ length: rows * n }, () => gaussian(random)),
  );
  return b.transpose().mmul(b);
}

describe('eigenvalues of a symmetric matrix', () => {
  test.each([
    [1, 4],
    [2, 4],
    [3, 1],
    [17, 40],
    [60, 20],
    [120, 300],
  ])('of %d x %d numbers are those of the full decomposition', (n, rows) => {
    const matrix = gram(n, rows, n);
    const expected = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues.toSorted(
      (a, b) => a - b,
    );
    const found = symmetricEigenvalues(matrix.to1DArray(), n);
    const scale = Math.abs(expected.at(-1)!);
    found.forEach((value, i) => expect(value / scale).toBeCloseTo(expected[i]! / scale, 12));
  });

  test('of negative, repeated, zero and badly scaled ones', () => {
    expect([...symmetricEigenvalues([2, 0, 0, 0, 2, 0, 0, 0, -3], 3)]).toEqual([-3, 2, 2]);
    expect([...symmetricEigenvalues(new Float64Array(25), 5)]).toEqual([0, 0, 0, 0, 0]);
    const [small, large] = symmetricEigenvalues([1e-150, 1e-151, 1e-151, 3e-150], 2);
    expect(small! + large!).toBeCloseTo(4e-150, 160);
    expect(large! - small!).toBeGreaterThan(2e-150);
    expect(symmetricEigenvalues([], 0)).toHaveLength(0);
  });

  test('NaN stays NaN, and nothing hangs', () => {
    expect([...symmetricEigenvalues([Number.NaN, 1, 1, 1], 2)].some(Number.isNaN)).toBe(true);
  });
});

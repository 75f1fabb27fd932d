import { expect, test } from 'vitest';
import { addOuter, cholesky, solveLower, solveUpper } from './cholesky.ts';

// 4 2 1 / 2 5 3 / 1 3 6
const matrix = Float64Array.of(4, 0, 0, 2, 5, 0, 1, 3, 6);

test('the factor times its transpose is the matrix, and both solves undo it', () => {
  const factor = cholesky(matrix, 3);
  const at = (i: number, j: number): number =>
    [0, 1, 2].reduce((sum, c) => sum + factor[3 * i + c]! * factor[3 * j + c]!, 0);
  for (const [i, j, value] of [
    [0, 0, 4],
    [1, 0, 2],
    [1, 1, 5],
    [2, 0, 1],
    [2, 1, 3],
    [2, 2, 6],
  ] as const)
    expect(at(i, j)).toBeCloseTo(value, 12);
  // A x = (7, 10, 10) has x = (1, 1, 1).
  const x = solveUpper(factor, solveLower(factor, [7, 10, 10], 3), 3);
  for (const value of x) expect(value).toBeCloseTo(1, 12);
});

test('a direction without extent is a column of 0, or can be solved with', () => {
  const flat = Float64Array.of(4, 0, 0, 0, 0, 0, 2, 0, 2);
  expect([...cholesky(flat, 3, 1e-15)]).toEqual([2, 0, 0, 0, 0, 0, 1, 0, 1]);
  expect([...solveLower(cholesky(flat, 3), [2, 0, 2], 3)]).toEqual([1, 0, 1]);
});

test('outer products go to the lower half', () => {
  const sum = new Float64Array(4);
  addOuter(sum, Float64Array.of(2, 3), 0.5);
  expect([...sum]).toEqual([2, 0, 3, 4.5]);
});

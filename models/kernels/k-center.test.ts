import { expect, test } from 'vitest';
import { kCenter } from './k-center.ts';
import { MatrixStore } from './matrix-store.ts';

function centres(rows: number[][], count: number): number[] {
  const store = new MatrixStore();
  const columns = rows[0]!.length;
  const data = Float32Array.from(rows.flat());
  store.put({ name: 'm', rows: rows.length, columns, firstRow: 0, data });
  return [...kCenter(store.get('m'), count)];
}

test('the first row, then always the row farthest from those chosen', () => {
  const rows = [
    [0, 0],
    [1, 0],
    [9, 0],
    [0, 5],
    [9, 1],
  ];
  expect(centres(rows, 3)).toEqual([0, 4, 3]);
  // Of rows that are equally far the first one.
  expect(centres(rows, 5)).toEqual([0, 4, 3, 1, 2]);
});

test('stops where no row is apart from those chosen', () => {
  expect(centres([[1], [1], [2], [1]], 4)).toEqual([0, 2]);
});

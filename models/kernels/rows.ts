import type { MatrixRows } from '../types.ts';
import type { Matrix } from './matrix-store.ts';

/** How many rows are meant. */
export function countRows(matrix: { rows: number }, { rows }: MatrixRows): number {
  return rows?.length ?? matrix.rows;
}

/** Rows first..end-1 of what is meant, row-major: a view of the matrix where they follow one another, else gathered. */
export function takeRows(
  { data, columns }: Matrix,
  rows: Int32Array | undefined,
  first: number,
  end: number,
): Float32Array {
  const start = rows ? rows[first]! : first;
  if (!rows?.subarray(first, end).some((row, i) => row !== start + i))
    return data.subarray(start * columns, (start + end - first) * columns);
  const taken = new Float32Array((end - first) * columns);
  for (let i = first; i < end; i++) {
    const row = rows[i]! * columns;
    taken.set(data.subarray(row, row + columns), (i - first) * columns);
  }
  return taken;
}

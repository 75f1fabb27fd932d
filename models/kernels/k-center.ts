/** Furthest first: rows that cover a matrix with a radius at most twice the smallest possible (Gonzalez 1985). */
import type { Matrix } from './matrix-store.ts';

/** `Kernels.kCenter`. O(count n d) time, O(n) memory. */
export function kCenter({ data, rows, columns }: Matrix, count: number): Int32Array {
  const chosen: number[] = [];
  const nearest = new Float32Array(rows).fill(Infinity);
  for (let next = 0; chosen.length < Math.min(count, rows);) {
    chosen.push(next);
    const centre = data.subarray(next * columns, (next + 1) * columns);
    let farthest = 0;
    for (let row = 0, at = 0; row < rows; row++) {
      let squared = 0;
      for (let d = 0; d < columns; d++, at++) squared += (data[at]! - centre[d]!) ** 2;
      if (squared < nearest[row]!) nearest[row] = squared;
      if (nearest[row]! > farthest) {
        farthest = nearest[row]!;
        next = row;
      }
    }
    if (farthest === 0) break;
  }
  return Int32Array.from(chosen);
}

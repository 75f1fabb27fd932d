import type { Matrix } from './matrix-store.ts';

/** |query - base|^2 in float64; the query's row starts at `from`. */
export function squaredDistance(query: Float32Array, from: number, base: Matrix, row: number): number {
  const { data, columns } = base;
  let sum = 0;
  for (let i = 0, at = row * columns; i < columns; i++, at++) {
    const difference = query[from + i]! - data[at]!;
    sum += difference * difference;
  }
  return sum;
}

/** Keeps the k best of what it is offered, ascending by squared distance, then by row. */
export class Shortlist {
  readonly squared: Float64Array;
  readonly rows: Int32Array;

  constructor(k: number) {
    this.squared = new Float64Array(k);
    this.rows = new Int32Array(k);
  }

  /** Distance of the k-th best so far; Infinity while there are fewer. */
  get worst(): number {
    return Math.sqrt(this.squared.at(-1)!);
  }

  clear(): void {
    this.squared.fill(Infinity);
    this.rows.fill(-1);
  }

  offer(squared: number, row: number): void {
    const { squared: kept, rows } = this;
    let at = kept.length;
    while (at > 0 && (squared < kept[at - 1]! || (squared === kept[at - 1]! && row < rows[at - 1]!))) at--;
    if (at === kept.length) return;
    kept.copyWithin(at + 1, at);
    rows.copyWithin(at + 1, at);
    kept[at] = squared;
    rows[at] = row;
  }
}

/** Rows by value, the largest first, ties by the lower row. Waiting values may be lowered. */
export class MaxHeap {
  readonly #values: Float64Array;
  readonly #rows: Int32Array;
  #size: number;

  /** All rows whose value is a number; `values` is watched, not copied. */
  constructor(values: Float64Array) {
    this.#values = values;
    this.#rows = Int32Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]!));
    this.#size = this.#rows.length;
    for (let at = (this.#size >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The first row, or undefined. */
  get top(): number | undefined {
    return this.#size > 0 ? this.#rows[0] : undefined;
  }

  /** Restores the order after the first row's value was lowered; true if it stays first. */
  settle(): boolean {
    const row = this.#rows[0];
    this.#sink(0);
    return this.#rows[0] === row;
  }

  pop(): void {
    this.#rows[0] = this.#rows[--this.#size]!;
    this.#sink(0);
  }

  /** The first `count` rows in no particular order, the very first among them. */
  near(count: number): Int32Array {
    return this.#rows.slice(0, Math.min(count, this.#size));
  }

  #isAhead(a: number, b: number): boolean {
    const difference = this.#values[a]! - this.#values[b]!;
    return difference > 0 || (difference === 0 && a < b);
  }

  #sink(start: number): void {
    const rows = this.#rows;
    let at = start;
    for (;;) {
      let first = at;
      const left = 2 * at + 1;
      if (left < this.#size && this.#isAhead(rows[left]!, rows[first]!)) first = left;
      if (left + 1 < this.#size && this.#isAhead(rows[left + 1]!, rows[first]!)) first = left + 1;
      if (first === at) return;
      [rows[at], rows[first]] = [rows[first]!, rows[at]!];
      at = first;
    }
  }
}

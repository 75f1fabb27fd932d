/** Per query the `most` nearest of everything offered, in two flat arrays: 8 bytes each. */
export class Candidates {
  readonly #most: number;
  readonly #ids: Int32Array;
  readonly #distances: Float32Array;

  constructor(queries: number, most: number) {
    this.#most = most;
    this.#ids = new Int32Array(queries * most).fill(-1);
    this.#distances = new Float32Array(queries * most).fill(Infinity);
  }

  offer(query: number, id: number, distance: number): void {
    const first = query * this.#most;
    let at = first + this.#most - 1;
    if (distance >= this.#distances[at]!) return;
    for (; at > first && this.#distances[at - 1]! > distance; at--) {
      this.#distances[at] = this.#distances[at - 1]!;
      this.#ids[at] = this.#ids[at - 1]!;
    }
    this.#distances[at] = distance;
    this.#ids[at] = id;
  }

  /** The nearest first. */
  of(query: number): number[] {
    return [...this.#ids.subarray(query * this.#most, (query + 1) * this.#most)].filter((id) => id >= 0);
  }
}

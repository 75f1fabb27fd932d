import type { Random } from '../../base/numeric/random.ts';
import { MaxHeap } from './max-heap.ts';
import { breathe } from './rows.ts';
import type { Space } from './space.ts';

/** Chosen rows that wait to be taken into account everywhere at once: a matrix product of so many is fast. */
const BATCH = 64;
/** Draws in a row that may miss before everything is brought up to date. */
const MISSES = 200;

/**
 * Squared distance of every candidate to the nearest labelled or chosen row. Recent choices are applied only to queried
 * candidates, until a batch of them has accumulated. Distances only fall, so the stored values are upper bounds, which
 * suffice for most candidates in a search for the furthest or in a proportional draw.
 */
export class NearestChosen {
  readonly #space: Space;
  readonly #signal: AbortSignal | undefined;
  /** Upper bounds; NaN for the chosen. */
  readonly #squared: Float64Array;
  readonly #pending: number[] = [];
  /** How many of the pending ones a candidate's value accounts for. */
  readonly #seen: Int32Array;
  /** Heap or sums of the bounds as they were when last brought up to date. */
  #heap: MaxHeap | null = null;
  #sums: Float64Array | null = null;
  readonly chosen: number[] = [];

  private constructor(space: Space, signal: AbortSignal | undefined) {
    this.#space = space;
    this.#signal = signal;
    this.#squared = new Float64Array(space.norms.length).fill(Infinity);
    this.#seen = new Int32Array(space.norms.length);
  }

  /** With all labelled rows of the space taken into account. */
  static async start(space: Space, signal: AbortSignal | undefined): Promise<NearestChosen> {
    const start = new NearestChosen(space, signal);
    for (let first = 0; first < space.labelledRows; first += BATCH) {
      await breathe(0, signal);
      const rows = Int32Array.from(
        { length: Math.min(BATCH, space.labelledRows - first) },
        (_, i) => first + i,
      );
      await space.lower(start.#squared, rows, 'labelled');
    }
    return start;
  }

  async choose(row: number): Promise<void> {
    this.chosen.push(row);
    this.#squared[row] = Number.NaN;
    this.#pending.push(row);
    if (this.#pending.length === BATCH || this.chosen.length === 1) await this.#catchUp();
  }

  /** Chooses the candidate furthest from everything chosen or labelled, the first of equally far ones. */
  async chooseFurthest(): Promise<void> {
    await breathe(this.chosen.length, this.#signal);
    const heap = (this.#heap ??= new MaxHeap(this.#squared));
    do this.#refresh(heap.top!);
    while (!heap.settle());
    const row = heap.top!;
    heap.pop();
    await this.choose(row);
  }

  /**
   * Chooses a candidate with probability proportional to its squared distance: drawn by the bound and kept with the
   * share of it that is true, which comes to the same. The first one left where all distances are 0.
   */
  async chooseBySquares(random: Random): Promise<void> {
    await breathe(this.chosen.length, this.#signal);
    for (let misses = 0; ; misses++) {
      if (misses === MISSES) {
        await this.#catchUp();
        misses = 0;
      }
      const sums = (this.#sums ??= sumsOf(this.#squared));
      const total = sums.at(-1)!;
      if (total === 0) {
        await this.choose(this.#squared.findIndex((value) => !Number.isNaN(value)));
        return;
      }
      const row = firstAbove(sums, random() * total);
      const bound = sums[row]! - (row > 0 ? sums[row - 1]! : 0);
      const kept = random() * bound;
      if (Number.isNaN(this.#squared[row]!) || kept >= this.#refresh(row)) continue;
      await this.choose(row);
      return;
    }
  }

  /** The true value of a candidate, which takes the place of its bound. */
  #refresh(row: number): number {
    for (let at = this.#seen[row]!; at < this.#pending.length; at++)
      this.#squared[row] = Math.min(
        this.#squared[row]!,
        this.#space.squaredDistance(row, this.#pending[at]!),
      );
    this.#seen[row] = this.#pending.length;
    return this.#squared[row]!;
  }

  async #catchUp(): Promise<void> {
    this.#signal?.throwIfAborted();
    await this.#space.lower(this.#squared, Int32Array.from(this.#pending));
    this.#pending.length = 0;
    this.#seen.fill(0);
    this.#heap = null;
    this.#sums = null;
  }
}

/** Running sums; what is NaN adds nothing. */
function sumsOf(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => (sum += value > 0 ? value : 0));
}

/** The first place whose running sum exceeds `value`, and adds to it. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

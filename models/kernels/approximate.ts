/**
 * Approximate nearest neighbours: a graph over the rows of a matrix (HNSW, Malkov and Yashunin 2018, of the library
 * usearch) proposes candidates, and their distances are recomputed in float64 from the rows themselves. So every
 * distance is right, but a nearer row may be missing because it was never proposed.
 */
import type { Index } from 'usearch';
import { AssayError } from '../../rpc/errors.ts';
import { type Matrix, squaredNorms } from './matrix-store.ts';
import { Shortlist, squaredDistance } from './shortlist.ts';

type Library = typeof import('usearch');

/** Edges of a row in the graph, and candidates weighed when one is added: indexing takes time in proportion. */
const CONNECTIVITY = 16;
const EXPANSION_ADD = 64;
/** Queries searched at a time: bounds the candidate lists. */
const QUERY_BLOCK = 512;

/** A matrix and the graph over its first rows; rows are added in order. */
export class ApproximateIndex {
  readonly #matrix: Matrix;
  readonly #library: Library;
  readonly #index: Index;
  readonly #threads: number;
  #added = 0;

  private constructor(matrix: Matrix, library: Library, threads: number) {
    this.#matrix = matrix;
    this.#library = library;
    this.#threads = threads;
    this.#index = new library.Index({
      dimensions: matrix.columns,
      metric: library.MetricKind.L2sq,
      // Half the memory and the time of float32; recomputed distances make up for the rounding.
      quantization: library.ScalarKind.BF16,
      connectivity: CONNECTIVITY,
      expansion_add: EXPANSION_ADD,
      expansion_search: 0,
      multi: false,
    });
  }

  /** Throws UNSUPPORTED_RUNTIME where the library has no build for this system. */
  static async open(matrix: Matrix, threads: number): Promise<ApproximateIndex> {
    const library = await import('usearch').catch((error: unknown) => {
      throw new AssayError(
        'UNSUPPORTED_RUNTIME',
        'The index for approximate search has no build for this system; search exactly instead.',
        {},
        error,
      );
    });
    return new ApproximateIndex(matrix, library, threads);
  }

  /**
   * Adds the next `count` rows and returns how many there are. By one thread: with more, the graph depends on which of
   * them is first, and the same project would not give the same scores twice.
   */
  add(count: number): number {
    const end = Math.min(this.#matrix.rows, this.#added + count);
    while (this.#added < end) {
      const room = this.#index.capacity() - this.#added - 1;
      // Where there is no room the library makes some, for this number of threads: those that will search.
      if (room < 1) this.#addNext(1, this.#threads);
      else this.#addNext(Math.min(room, end - this.#added), 1);
    }
    return end;
  }

  #addNext(count: number, threads: number): void {
    const { data, columns } = this.#matrix;
    const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(this.#added + i));
    const rows = data.subarray(this.#added * columns, (this.#added + count) * columns);
    this.#index.add(keys, rows, threads);
    this.#added += count;
  }

  /** `Kernels.nearestApproximate`: as `nearest`, from `beam` candidates a query. */
  nearest(
    query: Float32Array,
    k: number,
    beam: number,
    exclude: Int32Array | null,
  ): { index: Int32Array; distance: Float32Array } {
    const base = this.#matrix;
    const { columns } = base;
    const m = query.length / columns;
    squaredNorms(query, columns, 'the query');
    const index = new Int32Array(m * k).fill(-1);
    const distance = new Float32Array(m * k).fill(Infinity);
    const wanted = Math.min(this.#added, Math.max(beam, k + 1));
    if (wanted === 0) return { index, distance };
    const shortlist = new Shortlist(k);
    for (let first = 0; first < m; first += QUERY_BLOCK) {
      const n = Math.min(QUERY_BLOCK, m - first);
      const { keys, found } = this.#search(query.subarray(first * columns, (first + n) * columns), wanted);
      for (let i = 0; i < n; i++) {
        shortlist.clear();
        for (let at = i * wanted; at < i * wanted + found[i]!; at++) {
          const row = Number(keys[at]!);
          if (exclude?.[first + i] === row) continue;
          shortlist.offer(squaredDistance(query, (first + i) * columns, base, row), row);
        }
        index.set(shortlist.rows, (first + i) * k);
        for (let j = 0; j < k; j++) distance[(first + i) * k + j] = Math.sqrt(shortlist.squared[j]!);
      }
    }
    return { index, distance };
  }

  /** Keys of n x wanted candidates, and how many each query has of them. */
  #search(query: Float32Array, wanted: number): { keys: BigUint64Array; found: ArrayLike<number> } {
    const matches = this.#index.search(query, wanted, this.#threads);
    // The library answers one query in another shape.
    if (matches instanceof this.#library.BatchMatches)
      return { keys: matches.keys, found: Array.from(matches.counts, Number) };
    return { keys: matches.keys, found: [matches.keys.length] };
  }
}

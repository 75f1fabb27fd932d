import type { Kernels } from '../../models/types.ts';
import { quantileSorted, sortedFinite } from '../numeric/percentile.ts';
import { meanDistance } from '../scores/neighbourhood.ts';
import { nearestByCosine, pickRows, type Vectors } from './vectors.ts';

/** Neighbours that a novelty is the mean distance to (methods.md 1.6: min(10, N - 1)). */
export const NEIGHBOURS = 10;
/** A class with fewer real images has no scale of its own. */
const FEWEST_OF_CLASS = 5;

/** Mean distances of some images to the real seed. NaN where there is nothing to measure against. */
export interface SeedDistances {
  all: Float64Array;
  ofGivenClass: Float64Array;
}

/** The labelled real images as matrices of the kernels: what novelty is measured against. */
export class Reference {
  readonly #kernels: Kernels;
  readonly #rowsOfClass: number[][];
  /** Median of the seed's own mean distance, itself excluded: overall and per class (NaN where too few). */
  scale = Number.NaN;
  readonly scaleOfClass: Float64Array;
  /** Of the seed images themselves. */
  own: SeedDistances = { all: new Float64Array(), ofGivenClass: new Float64Array() };

  private constructor(kernels: Kernels, rowsOfClass: number[][]) {
    this.#kernels = kernels;
    this.#rowsOfClass = rowsOfClass;
    this.scaleOfClass = new Float64Array(rowsOfClass.length).fill(Number.NaN);
  }

  /** Puts the seed's unit vectors into the kernels, whole and by class, and measures the seed against itself. */
  static async put(kernels: Kernels, seed: Vectors, labels: Int32Array, classes: number): Promise<Reference> {
    const rowsOfClass: number[][] = Array.from({ length: classes }, () => []);
    labels.forEach((label, row) => rowsOfClass[label]?.push(row));
    const reference = new Reference(kernels, rowsOfClass);
    await kernels.putMatrix('seed', seed.unit, seed.n, seed.dimensions);
    for (const [label, rows] of rowsOfClass.entries())
      if (rows.length > 0)
        await kernels.putMatrix(
          `seed-${label}`,
          pickRows(seed.unit, seed.dimensions, rows),
          rows.length,
          seed.dimensions,
        );
    const own = await reference.distances(
      seed,
      labels,
      Int32Array.from(labels, (_, row) => row),
    );
    reference.own = own;
    reference.scale = median(own.all);
    for (const [label, rows] of rowsOfClass.entries())
      if (rows.length >= FEWEST_OF_CLASS)
        reference.scaleOfClass[label] = median(Float64Array.from(rows, (row) => own.ofGivenClass[row]!));
    return reference;
  }

  /** Distances of a block to the seed; `self[i]` is the seed row that query i is, or -1. */
  async distances(block: Vectors, given: Int32Array, self: Int32Array): Promise<SeedDistances> {
    const all = new Float64Array(block.n).fill(Number.NaN);
    const ofGivenClass = new Float64Array(block.n).fill(Number.NaN);
    const rows = [...all.keys()];
    await this.#fill(all, block, rows, 'seed', [...self]);
    for (const [label, members] of this.#rowsOfClass.entries()) {
      const queries = rows.filter((row) => given[row] === label);
      if (queries.length === 0 || members.length === 0) continue;
      await this.#fill(
        ofGivenClass,
        block,
        queries,
        `seed-${label}`,
        queries.map((row) => members.indexOf(self[row]!)),
      );
    }
    return { all, ofGivenClass };
  }

  async #fill(
    target: Float64Array,
    block: Vectors,
    rows: number[],
    base: string,
    exclude: number[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const query = pickRows(block.unit, block.dimensions, rows);
    const mean = meanDistance(
      await nearestByCosine(this.#kernels, query, base, NEIGHBOURS, Int32Array.from(exclude)),
    );
    for (const [i, row] of rows.entries()) target[row] = mean[i]!;
  }

  async drop(): Promise<void> {
    await this.#kernels.dropMatrix('seed');
    for (const [label, rows] of this.#rowsOfClass.entries())
      if (rows.length > 0) await this.#kernels.dropMatrix(`seed-${label}`);
  }
}

function median(values: Float64Array): number {
  return quantileSorted(sortedFinite(values), 0.5);
}

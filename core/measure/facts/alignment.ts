import type { Kernels } from '../../../models/types.ts';
import { vectorsOf } from '../block.ts';
import { pickRows, type Vectors } from '../vectors.ts';
import { findAnchors } from './anchors.ts';
import { defineFacts, numbers, type ColumnsOf } from './define.ts';

const columns = {
  /** Cosine with the anchor of the given class (anchors.ts). */
  ownAlignment: numbers,
  /** The same with the best other class. */
  bestOtherAlignment: numbers,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** Cosines of images with the anchors of the classes: prompts, or the centroids of their real images. */
export default defineFacts({
  id: 'alignment',
  columns,
  async prepare(run) {
    const { anchors, source, notes } = await findAnchors(
      run.inference,
      run.embedder,
      run.names,
      run.prompts,
      () => vectorsOf(run, run.frame.seedIds),
      run.frame.seedLabels,
    );
    const alignment = await Alignment.put(run.inference, anchors, run.dimensions);
    return {
      async block({ vectors, given, seedRows }) {
        const { own, bestOther } = await alignment.of(vectors, given, seedRows !== null);
        return { ownAlignment: own, bestOtherAlignment: bestOther };
      },
      drop: () => alignment.drop(),
      record: { alignment: source },
      notes,
    };
  },
});

/** The direction of a class, as the sum of unit vectors. */
export interface Anchor {
  /** Its length is that of the vectors; all zeros where nothing is known of the class. */
  sum: Float64Array;
  /** How many seed images it is the sum of, each of which is left out for itself; null where it comes from prompts. */
  members: number | null;
}

/** Cosines of n images with their classes' anchors. NaN where there is no vector, no label or no anchor. */
export interface AlignmentColumns {
  own: Float64Array;
  bestOther: Float64Array;
}

const MATRIX = 'class-anchors';

/** The anchors of all classes, as a matrix of the kernels. */
export class Alignment {
  readonly #kernels: Kernels;
  readonly #anchors: readonly (Anchor | null)[];
  /** Classes in the order of the matrix's rows. */
  readonly #classes: number[];
  /** The anchors at length 1. */
  readonly #unit: (Float64Array | null)[];

  private constructor(kernels: Kernels, anchors: readonly (Anchor | null)[]) {
    this.#kernels = kernels;
    this.#anchors = anchors;
    this.#classes = [...anchors.keys()].filter((c) => anchors[c]);
    this.#unit = anchors.map((anchor) => anchor && unitOf(anchor.sum));
  }

  static async put(
    kernels: Kernels,
    anchors: readonly (Anchor | null)[],
    dimensions: number,
  ): Promise<Alignment> {
    const alignment = new Alignment(kernels, anchors);
    const { length } = alignment.#classes;
    const matrix = new Float32Array(length * dimensions);
    for (const [row, c] of alignment.#classes.entries()) matrix.set(alignment.#unit[c]!, row * dimensions);
    if (length > 0) await kernels.putMatrix(MATRIX, matrix, length, dimensions);
    return alignment;
  }

  /**
   * Cosines of a block with the anchor of the given class (`given[i]`, -1 for none) and with the nearest other one.
   * Images of the seed (`isSeed`) are taken out of the centroid of their class. A vector of zeros has cosine 0.
   */
  async of(block: Vectors, given: Int32Array, isSeed: boolean): Promise<AlignmentColumns> {
    const { n, dimensions } = block;
    const own = new Float64Array(n).fill(Number.NaN);
    const bestOther = new Float64Array(n).fill(Number.NaN);
    const vectorOf = (row: number): Float32Array =>
      block.unit.subarray(row * dimensions, (row + 1) * dimensions);
    const rows = [...own.keys()].filter((row) => given[row]! >= 0 && !Number.isNaN(vectorOf(row)[0]!));
    for (const row of rows) own[row] = this.#own(given[row]!, vectorOf(row), isSeed);
    if (rows.length === 0 || this.#classes.length === 0) return { own, bestOther };
    const rowOf = new Map(this.#classes.map((c, row) => [c, row]));
    const found = await this.#kernels.nearest(
      pickRows(block.unit, dimensions, rows),
      MATRIX,
      1,
      Int32Array.from(rows, (row) => rowOf.get(given[row]!) ?? -1),
    );
    for (const [i, row] of rows.entries()) {
      const other = found.index[i]!;
      if (other >= 0) bestOther[row] = dot(this.#unit[this.#classes[other]!]!, vectorOf(row));
    }
    return { own, bestOther };
  }

  #own(label: number, vector: Float32Array, isSeed: boolean): number {
    const anchor = this.#anchors[label];
    if (!anchor) return Number.NaN;
    if (!isSeed || anchor.members === null) return dot(this.#unit[label]!, vector);
    if (anchor.members === 1) return Number.NaN;
    return dot(unitOf(anchor.sum.map((value, d) => value - vector[d]!)), vector);
  }

  async drop(): Promise<void> {
    if (this.#classes.length > 0) await this.#kernels.dropMatrix(MATRIX);
  }
}

function dot(a: Float64Array, b: Float32Array): number {
  return a.reduce((sum, value, d) => sum + value * b[d]!, 0);
}

function unitOf(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

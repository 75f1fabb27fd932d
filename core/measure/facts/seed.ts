import type { Neighbours } from '../../../models/types.ts';
import type { Search } from '../automatic-search.ts';
import { medianOf, vectorsOf } from '../block.ts';
import { nearestByCosine, pickRows, type Vectors } from '../vectors.ts';
import { defineFacts, numbers, ofClasses, ofRun, type ColumnsOf } from './define.ts';
import { meanDistance, NEIGHBOURS } from './neighbourhood.ts';

const columns = {
  /** Mean distance to the nearest real images of any class, the image itself left out. */
  seedDistance: numbers,
  /** The same among those of the given class. */
  givenClassDistance: numbers,
  /** To the nearest of other classes than the given one; a lower bound where they are far. */
  rivalClassDistance: numbers,
  /** Median of `seedDistance` over the seed: the scale of novelty. */
  noveltyScale: ofRun,
  /** Median of `givenClassDistance` over the seed of each class; NaN where there are too few. */
  noveltyScaleOfClass: ofClasses,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** How far an image lies from the labelled real images. */
export default defineFacts({
  id: 'seed',
  columns,
  async prepare(run) {
    const { seedIds, seedLabels } = run.frame;
    if (seedIds.length === 0) return null;
    const reference = await Reference.put(run.search, vectorsOf(run, seedIds), seedLabels, run.names.length);
    return {
      async block(block) {
        const { vectors, given, self } = block;
        const nearest = await block.once(reference, () => reference.neighbours(vectors, self));
        return {
          ...(await reference.distances(nearest, vectors, given, self)),
          noveltyScale: reference.scale,
          noveltyScaleOfClass: reference.scaleOfClass,
        };
      },
      drop: () => reference.drop(),
    };
  },
});

/** Real images of other classes whose mean distance is compared with that to the given class. */
const RIVALS = 5;
/** Neighbours searched for rivals. Where all of them are of the given class, no rival is nearer than the last. */
const DEPTH = 64;
/** A class with fewer real images has no scale of its own. */
const FEWEST_OF_CLASS = 5;

type SeedDistances = Pick<
  ColumnsOf<typeof columns>,
  'seedDistance' | 'givenClassDistance' | 'rivalClassDistance'
>;

/** The labelled real images as matrices of the kernels: what novelty is measured against. */
class Reference {
  readonly #kernels: Search;
  readonly #rowsOfClass: number[][];
  readonly #labels: Int32Array;
  /** Place of a seed row among those of its class. */
  readonly #placeInClass: Int32Array;
  /** Median of the seed's own mean distance, itself excluded: overall and per class (NaN where too few). */
  scale = Number.NaN;
  readonly scaleOfClass: Float64Array;

  private constructor(kernels: Search, rowsOfClass: number[][], labels: Int32Array) {
    this.#kernels = kernels;
    this.#rowsOfClass = rowsOfClass;
    this.#labels = labels;
    this.#placeInClass = new Int32Array(labels.length).fill(-1);
    for (const rows of rowsOfClass) rows.forEach((row, place) => (this.#placeInClass[row] = place));
    this.scaleOfClass = new Float64Array(rowsOfClass.length).fill(Number.NaN);
  }

  /** Puts the seed's unit vectors into the kernels, whole and by class, and measures the seed against itself. */
  static async put(kernels: Search, seed: Vectors, labels: Int32Array, classes: number): Promise<Reference> {
    const rowsOfClass: number[][] = Array.from({ length: classes }, () => []);
    labels.forEach((label, row) => rowsOfClass[label]?.push(row));
    const reference = new Reference(kernels, rowsOfClass, labels);
    await kernels.putMatrix('seed', seed.unit, seed.n, seed.dimensions);
    for (const [label, rows] of rowsOfClass.entries())
      if (rows.length > 0)
        await kernels.putMatrix(
          `seed-${label}`,
          pickRows(seed.unit, seed.dimensions, rows),
          rows.length,
          seed.dimensions,
        );
    const self = Int32Array.from(labels, (_, row) => row);
    const nearest = await reference.neighbours(seed, self);
    const own = await reference.distances(nearest, seed, labels, self);
    reference.scale = medianOf(own.seedDistance);
    for (const [label, rows] of rowsOfClass.entries())
      if (rows.length >= FEWEST_OF_CLASS)
        reference.scaleOfClass[label] = medianOf(
          Float64Array.from(rows, (row) => own.givenClassDistance[row]!),
        );
    return reference;
  }

  /** The nearest seed rows of any label; `self[i]` is the seed row of query i, or -1. */
  neighbours(block: Vectors, self: Int32Array): Promise<Neighbours> {
    return nearestByCosine(this.#kernels, block.unit, 'seed', DEPTH, self);
  }

  /** Distances of a block with the given labels to the seed, of which these are its `neighbours`. */
  async distances(
    nearest: Neighbours,
    block: Vectors,
    given: Int32Array,
    self: Int32Array,
  ): Promise<SeedDistances> {
    const exclude = [...self];
    const givenClassDistance = new Float64Array(block.n).fill(Number.NaN);
    for (const [label, members] of this.#rowsOfClass.entries()) {
      const queries: number[] = [];
      given.forEach((own, row) => {
        if (own === label) queries.push(row);
      });
      if (queries.length === 0 || members.length === 0) continue;
      const query = pickRows(block.unit, block.dimensions, queries);
      const own = Int32Array.from(queries, (row) => {
        const seedRow = exclude[row]!;
        return seedRow >= 0 && this.#labels[seedRow] === label ? this.#placeInClass[seedRow]! : -1;
      });
      const mean = meanDistance(
        await nearestByCosine(this.#kernels, query, `seed-${label}`, NEIGHBOURS, own),
      );
      for (const [i, row] of queries.entries()) givenClassDistance[row] = mean[i]!;
    }
    return {
      seedDistance: meanDistance(first(nearest, NEIGHBOURS)),
      givenClassDistance,
      rivalClassDistance: this.#rivals(nearest, given),
    };
  }

  /** Mean distance to the nearest real images of other classes; the last neighbour's distance replaces those not found. */
  #rivals({ index, distance, k }: Neighbours, given: Int32Array): Float64Array {
    return Float64Array.from(given, (label, i) => {
      if (label < 0) return Number.NaN;
      let [sum, seen, last] = [0, 0, Number.NaN];
      for (let at = i * k; at < (i + 1) * k && seen < RIVALS; at++) {
        if (index[at]! < 0) break;
        last = distance[at]!;
        if (this.#labels[index[at]!] === label) continue;
        sum += last;
        seen++;
      }
      return (sum + (RIVALS - seen) * last) / RIVALS;
    });
  }

  async drop(): Promise<void> {
    await this.#kernels.dropMatrix('seed');
    for (const [label, rows] of this.#rowsOfClass.entries())
      if (rows.length > 0) await this.#kernels.dropMatrix(`seed-${label}`);
  }
}

/** The nearest few of more neighbours. */
function first({ index, distance, k }: Neighbours, few: number): Neighbours {
  const rows = index.length / k;
  const kept = { index: new Int32Array(rows * few), distance: new Float32Array(rows * few), k: few };
  for (let i = 0; i < rows; i++) {
    kept.index.set(index.subarray(i * k, i * k + few), i * few);
    kept.distance.set(distance.subarray(i * k, i * k + few), i * few);
  }
  return kept;
}

import type { Store } from '../../db/store.ts';
import type { Neighbours } from '../../models/types.ts';
import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';
import { ClassClouds } from '../labels/risk/class-clouds.ts';
import { KernelRidge } from '../labels/risk/kernel-ridge.ts';
import { streamOf } from '../base/numeric/random.ts';
import {
  drawPool,
  labelAgreement,
  meanDistance,
  nearestDistance,
  rivalAgreement,
} from './scores/neighbourhood.ts';
import type { Search } from './automatic-search.ts';
import type { Frame } from './blocks.ts';
import { NEIGHBOURS } from './reference.ts';
import { nearestByCosine, readVectors, type Vectors } from './vectors.ts';

const BLOCK_ROWS = 1024;
/** Images of the pool that show how far apart its images are. */
const MEASURED = 4096;

/** What a block's images have for neighbours among all images: NaN where there are none. */
export interface PoolView {
  distance: Float64Array;
  nearest: Float64Array;
  agreement: Float64Array;
  rivalAgreement: Float64Array;
}

/** The real seed and (a sample of) the synthetic images as one matrix: what an image looks like among all the others. */
export class NeighbourPool {
  readonly #kernels: Search;
  readonly #rowOf: Map<number, number>;
  readonly #labels: Int32Array;
  /** The pool's classes as clouds; null where too little is labelled. */
  readonly clouds: ClassClouds | null;
  /** Median distance of the seed images to the pool: the scale of isolation. NaN without a seed. */
  scale = Number.NaN;
  /** Median distance of (an even sample of) the pool to the nearest other image. */
  medianNearest = Number.NaN;

  readonly #ridge: KernelRidge | null;

  private constructor(
    kernels: Search,
    ids: number[],
    labels: Int32Array,
    clouds: ClassClouds | null,
    ridge: KernelRidge | null,
  ) {
    this.clouds = clouds;
    this.#ridge = ridge;
    this.#kernels = kernels;
    this.#rowOf = new Map(ids.map((id, row) => [id, row]));
    this.#labels = labels;
  }

  /** Puts the pool into the kernels. `labelOf` gives an image's class index, -1 for none; `seed` draws the sample. */
  static async put(
    store: Store,
    kernels: Search,
    model: string,
    dimensions: number,
    frame: Frame,
    labelOf: (imageId: number) => number,
    classes: number,
    seed: number,
    signal: AbortSignal,
  ): Promise<NeighbourPool> {
    const batch = frame.idsByRole.synthetic;
    const ids = [
      ...frame.seedIds,
      ...Array.from(drawPool(batch.length, seed), (position) => batch[position]!),
    ];
    const labels = Int32Array.from(ids, labelOf);
    const { unit } = readVectors(store, model, dimensions, ids);
    const random = streamOf(seed, 'kernel ridge');
    const ridge = await KernelRidge.fit(unit, dimensions, labels, classes, random, signal);
    const clouds = ClassClouds.fit(unit, dimensions, labels, classes);
    const pool = new NeighbourPool(kernels, ids, labels, clouds, ridge);
    await kernels.putMatrix('pool', unit, ids.length, dimensions);
    const distances: number[] = [];
    for (let start = 0; start < frame.seedIds.length; start += BLOCK_ROWS) {
      const part = frame.seedIds.slice(start, start + BLOCK_ROWS);
      const view = await pool.view(
        part,
        readVectors(store, model, dimensions, part),
        new Int32Array(part.length).fill(-1),
      );
      distances.push(...view.distance);
    }
    pool.scale = quantileSorted(sortedFinite(distances), 0.5);
    const every = Math.ceil(ids.length / MEASURED);
    const measured = ids.filter((_, i) => i % every === 0);
    const nearest: number[] = [];
    for (let start = 0; start < measured.length; start += BLOCK_ROWS) {
      const part = measured.slice(start, start + BLOCK_ROWS);
      nearest.push(
        ...nearestDistance(await pool.neighbours(part, readVectors(store, model, dimensions, part))),
      );
    }
    pool.medianNearest = quantileSorted(sortedFinite(nearest), 0.5);
    return pool;
  }

  async view(ids: number[], vectors: Vectors, given: Int32Array): Promise<PoolView> {
    return this.vote(await this.neighbours(ids, vectors), given);
  }

  /** The nearest of the pool, each image itself left out. */
  neighbours(ids: number[], vectors: Vectors): Promise<Neighbours> {
    const self = Int32Array.from(ids, (id) => this.#rowOf.get(id) ?? -1);
    return nearestByCosine(this.#kernels, vectors.unit, 'pool', NEIGHBOURS, self);
  }

  /** What neighbours say of images with the given labels. */
  vote(found: Neighbours, given: Int32Array): PoolView {
    return {
      distance: meanDistance(found),
      nearest: nearestDistance(found),
      agreement: labelAgreement(found, this.#labels, given),
      rivalAgreement: rivalAgreement(found, this.#labels, given),
    };
  }

  /** Lead of the given class over the best other one, judged without each image's own label; null without labels. */
  margins(ids: number[], { unit }: Vectors, given: Int32Array): Float64Array | null {
    return this.#ridge?.margins(unit, given, (i) => this.#rowOf.get(ids[i]!) ?? -1) ?? null;
  }

  /** Whether an image is one of the pool, under the given label: then it is a part of that class's cloud. */
  holds(imageId: number, label: number): boolean {
    const row = this.#rowOf.get(imageId);
    return row !== undefined && this.#labels[row] === label;
  }

  drop(): Promise<void> {
    return this.#kernels.dropMatrix('pool');
  }
}

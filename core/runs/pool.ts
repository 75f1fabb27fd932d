import type { Store } from '../../db/store.ts';
import type { Kernels } from '../../models/types.ts';
import { quantileSorted, sortedFinite } from '../numeric/percentile.ts';
import { drawPool, labelAgreement, meanDistance } from '../scores/neighbourhood.ts';
import type { Frame } from './blocks.ts';
import { NEIGHBOURS } from './reference.ts';
import { nearestByCosine, readVectors, type Vectors } from './vectors.ts';

const BLOCK_ROWS = 1024;

/** What a block's images have for neighbours among all images: NaN where there are none. */
export interface PoolView {
  distance: Float64Array;
  agreement: Float64Array;
}

/** The real seed and (a sample of) the synthetic images as one matrix: what an image looks like among all the others. */
export class NeighbourPool {
  readonly #kernels: Kernels;
  readonly #rowOf: Map<number, number>;
  readonly #labels: Int32Array;
  /** Median distance of the seed images to the pool: the scale of isolation. NaN without a seed. */
  scale = Number.NaN;

  private constructor(kernels: Kernels, ids: number[], labels: Int32Array) {
    this.#kernels = kernels;
    this.#rowOf = new Map(ids.map((id, row) => [id, row]));
    this.#labels = labels;
  }

  /** Puts the pool into the kernels. `labelOf` gives an image's class index, -1 for none; `seed` draws the sample. */
  static async put(
    store: Store,
    kernels: Kernels,
    model: string,
    dimensions: number,
    frame: Frame,
    labelOf: (imageId: number) => number,
    seed: number,
  ): Promise<NeighbourPool> {
    const batch = frame.idsByRole.synthetic;
    const ids = [
      ...frame.seedIds,
      ...Array.from(drawPool(batch.length, seed), (position) => batch[position]!),
    ];
    const pool = new NeighbourPool(kernels, ids, Int32Array.from(ids, labelOf));
    await kernels.putMatrix('pool', readVectors(store, model, dimensions, ids).unit, ids.length, dimensions);
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
    return pool;
  }

  async view(ids: number[], vectors: Vectors, given: Int32Array): Promise<PoolView> {
    const self = Int32Array.from(ids, (id) => this.#rowOf.get(id) ?? -1);
    const found = await nearestByCosine(this.#kernels, vectors.unit, 'pool', NEIGHBOURS, self);
    return { distance: meanDistance(found), agreement: labelAgreement(found, this.#labels, given) };
  }

  drop(): Promise<void> {
    return this.#kernels.dropMatrix('pool');
  }
}

import type { Neighbours } from '../../../models/types.ts';
import { streamOf } from '../../base/numeric/random.ts';
import type { Search } from '../automatic-search.ts';
import { BLOCK_ROWS, medianOf, vectorsOf, type ScoreRun } from '../block.ts';
import { ClassClouds } from '../class-clouds.ts';
import { KernelRidge, leads } from '../kernel-ridge.ts';
import { nearestByCosine, type Vectors } from '../vectors.ts';
import { defineFacts, numbers, ofRun, type ColumnsOf } from './define.ts';
import {
  drawPool,
  labelAgreement,
  meanDistance,
  nearestDistance,
  NEIGHBOURS,
  rivalAgreement,
} from './neighbourhood.ts';

const columns = {
  /** Mean distance to the nearest images of the pool, the image itself left out. */
  poolDistance: numbers,
  /** Distance to the very nearest. */
  poolNearest: numbers,
  /** Median of `poolDistance` over the seed: the scale of isolation. */
  poolScale: ofRun,
  /** Median of `poolNearest` over (an even sample of) the pool. */
  medianNearest: ofRun,
  /** Share of the nearest images with the given label, and with the commonest other one (neighbourhood.ts). */
  poolAgreement: numbers,
  poolRivalAgreement: numbers,
  /** Squared Mahalanobis distances per dimension: to the given class, to the nearest other, to everything (class-clouds.ts). */
  ownCloudDistance: numbers,
  rivalCloudDistance: numbers,
  wholeCloudDistance: numbers,
  /** Lead of the given class by kernel ridge regression, judged without the image's own label (kernel-ridge.ts). */
  kernelMargin: numbers,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** What an image looks like among all others: the seed and (a sample of) the synthetic images. */
export default defineFacts({
  id: 'pool',
  columns,
  async prepare(run) {
    const pool = await NeighbourPool.put(run);
    return {
      async block(block) {
        const { ids, vectors, given } = block;
        const near = await block.once(pool, () => pool.neighbours(ids, vectors));
        const outputs = await block.once('kernel ridge', () => pool.outputs(ids, vectors));
        const kernelMargin = outputs && leads(outputs, run.names.length, given);
        const { clouds } = pool;
        const [whitened, wholeCloudDistance] = block.once(clouds, () => [
          clouds?.whiten(vectors.unit),
          clouds?.toAll(vectors.unit, (row) => pool.labelOf(ids[row]!) >= 0),
        ]);
        const distances = whitened && clouds?.toClasses(whitened, given, (row) => pool.labelOf(ids[row]!));
        return {
          poolDistance: meanDistance(near),
          poolNearest: nearestDistance(near),
          poolScale: pool.scale,
          medianNearest: pool.medianNearest,
          poolAgreement: labelAgreement(near, pool.labels, given),
          poolRivalAgreement: rivalAgreement(near, pool.labels, given),
          ...(distances && { ownCloudDistance: distances.own, rivalCloudDistance: distances.rival }),
          ...(wholeCloudDistance && { wholeCloudDistance }),
          ...(kernelMargin && { kernelMargin }),
        };
      },
      async drop() {
        await pool.ridge?.drop();
        await run.search.dropMatrix('pool');
      },
    };
  },
});

/** Images of the pool that show how far apart its images are. */
const MEASURED = 4096;

class NeighbourPool {
  readonly #search: Search;
  readonly #rowOf: Map<number, number>;
  /** Class index per row, -1 for none. */
  readonly labels: Int32Array;
  /** The pool's classes as clouds; null where too little is labelled. */
  readonly clouds: ClassClouds | null;
  readonly ridge: KernelRidge | null;
  /** Median mean distance of the seed images to the pool; NaN without a seed. */
  scale = Number.NaN;
  medianNearest = Number.NaN;

  private constructor(
    search: Search,
    ids: number[],
    labels: Int32Array,
    clouds: ClassClouds | null,
    ridge: KernelRidge | null,
  ) {
    this.#search = search;
    this.#rowOf = new Map(ids.map((id, row) => [id, row]));
    this.labels = labels;
    this.clouds = clouds;
    this.ridge = ridge;
  }

  /** Draws the pool, learns from its labels, and puts it into the kernels as the matrix `pool`. */
  static async put(run: ScoreRun): Promise<NeighbourPool> {
    const { store, search, frame, dimensions, names, classOf, seed, inference } = run;
    const batch = frame.idsByRole.synthetic;
    const ids = [
      ...frame.seedIds,
      ...Array.from(drawPool(batch.length, seed), (position) => batch[position]!),
    ];
    const labels = Int32Array.from(ids, (id) => classOf.get(store.images.byId(id)!.labelId ?? -1) ?? -1);
    const { unit } = vectorsOf(run, ids);
    const random = streamOf(seed, 'kernel ridge');
    const ridge = await KernelRidge.fit(inference, unit, dimensions, labels, names.length, random);
    const clouds = ClassClouds.fit(unit, dimensions, labels, names.length);
    const pool = new NeighbourPool(search, ids, labels, clouds, ridge);
    await search.putMatrix('pool', unit, ids.length, dimensions);
    pool.scale = medianOf(await pool.#overBlocks(run, frame.seedIds, meanDistance));
    const every = Math.ceil(ids.length / MEASURED);
    const measured = ids.filter((_, i) => i % every === 0);
    pool.medianNearest = medianOf(await pool.#overBlocks(run, measured, nearestDistance));
    return pool;
  }

  async #overBlocks(
    run: ScoreRun,
    ids: number[],
    measure: (found: Neighbours) => Float64Array,
  ): Promise<number[]> {
    const values: number[] = [];
    for (let start = 0; start < ids.length; start += BLOCK_ROWS) {
      const part = ids.slice(start, start + BLOCK_ROWS);
      values.push(...measure(await this.neighbours(part, vectorsOf(run, part))));
    }
    return values;
  }

  /** The nearest of the pool, each image itself left out. */
  neighbours(ids: number[], vectors: Vectors): Promise<Neighbours> {
    const self = Int32Array.from(ids, (id) => this.#rowOf.get(id) ?? -1);
    return nearestByCosine(this.#search, vectors.unit, 'pool', NEIGHBOURS, self);
  }

  /** What kernel ridge regression says of each class, without each image's own label; null without labels. */
  async outputs(ids: number[], { unit }: Vectors): Promise<Float64Array | null> {
    return this.ridge && this.ridge.outputs(unit, (i) => this.#rowOf.get(ids[i]!) ?? -1);
  }

  /** The label under which an image is one of the pool, -1 where it is not. */
  labelOf(imageId: number): number {
    const row = this.#rowOf.get(imageId);
    return row === undefined ? -1 : this.labels[row]!;
  }
}

import type { ArtefactMap } from '../../../db/queries/patches.ts';
import { addPatchMoments, patchDimensions, unpackPatches } from '../../../models/patches.ts';
import type { PatchGrid } from '../../../models/types.ts';
import { counted } from '../../../rpc/format.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import { medianOf, type Block, type ScoreRun } from '../block.ts';
import { defineFacts, each, numbers, type ColumnsOf } from './define.ts';

const columns = {
  /**
   * How unlike anything known an image's oddest part is: the mean distance of its oddest patches to the memory, over
   * what that is for the median real image.
   */
  oddestPart: numbers,
  /** The distances of all patches, packed (`packMap`); null where there are none. */
  artefactMap: each<ArtefactMap | null>(),
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/**
 * Where pictures look unlike the others: PatchCore (Roth et al. 2022, "Towards Total Recall in Industrial Anomaly
 * Detection"), with two changes. The memory holds patches of the other synthetic images too: most of a batch is sound,
 * and against the real images alone every patch of a generator with a look of its own would be odd. And there are two
 * memories, of the images with even and with odd ids; an image is held against the other one, so that it never explains
 * itself.
 */
export default defineFacts({
  id: 'patches',
  columns,
  async prepare(run) {
    const { manifest } = run.embedder;
    const grid = manifest.kind === 'embedder' ? manifest.patches : undefined;
    if (!grid) return null;
    const known = run.store.patches.count(run.model);
    const { real, holdout, synthetic } = run.frame.idsByRole;
    const all = real.length + holdout.length + synthetic.length;
    const notes =
      known < all
        ? [
            `${counted(all - known, 'image')} of earlier imports have no map of what looks wrong: assay embed makes up for it.`,
          ]
        : [];
    const memory = await PatchMemory.put(run, grid);
    if (!memory) return { block: () => ({}), notes };
    return { block: ({ ids, copies }) => memory.distances(ids, copies), drop: () => memory.drop(), notes };
  },
});

/** Images of each side and half that patches are drawn from, and how many of each. */
const POOL_IMAGES = 400;
const POOL_PATCHES = 12;
/** Patches of each side that a memory keeps: more find hardly more. */
const KEPT = 512;
/** With fewer images in a half, what is usual is unknown. */
const FEWEST_IMAGES = 20;
/** Images asked at a time, and real images that show what is usual. */
const QUERY_IMAGES = 64;
const USUAL_IMAGES = 256;
/** The oddest part of a picture: this share of its patches. */
const ODDEST = 0.05;

/** The value of a map's byte for a part as odd as the oddest of the median real image. */
export const USUAL_BYTE = 64;

type Half = 0 | 1;
const halfOf = (id: number): Half => (id % 2) as Half;
const matrixOf = (half: Half): string => `patches-${half}`;

/** Patches that stand for all known ones, as two matrices of the kernels. */
class PatchMemory {
  readonly #run: ScoreRun;
  readonly #grid: PatchGrid;
  /** One per layer: makes the layers count alike, whatever their numbers. */
  readonly #weights: number[];
  #usual = Number.NaN;

  private constructor(run: ScoreRun, grid: PatchGrid, weights: number[]) {
    this.#run = run;
    this.#grid = grid;
    this.#weights = weights;
  }

  /** Null where there are too few images. */
  static async put(run: ScoreRun, grid: PatchGrid): Promise<PatchMemory | null> {
    const { real, synthetic } = run.frame.idsByRole;
    const isKnown = (id: number): boolean => run.store.patches.has(run.model, id);
    const halves = ([0, 1] as const).map((half) =>
      ([real, synthetic] as const).map((ids, side) =>
        drawn(
          run,
          `patches ${side} ${half}`,
          ids.filter((id) => halfOf(id) === half),
          POOL_IMAGES,
        ).filter(isKnown),
      ),
    );
    if (halves.some((sides) => sides.flat().length < FEWEST_IMAGES)) return null;
    const weights = layerWeights(run, grid, halves.flat(2));
    const memory = new PatchMemory(run, grid, weights);
    for (const half of [0, 1] as const) await memory.#fill(half, halves[half]!);
    const shown = drawn(run, 'patches usual', real.length > 0 ? real : synthetic, USUAL_IMAGES);
    const { oddestPart } = await memory.distances(shown, null, 1);
    memory.#usual = medianOf(oddestPart);
    return memory;
  }

  async #fill(half: Half, sides: number[][]): Promise<void> {
    const { inference, task } = this.#run;
    const dimensions = patchDimensions(this.#grid);
    const kept: Float32Array[] = [];
    for (const [side, ids] of sides.entries()) {
      task.signal.throwIfAborted();
      if (ids.length === 0) continue;
      const pool = this.#pool(`patches drawn ${side} ${half}`, ids);
      await inference.putMatrix('patch-pool', pool, pool.length / dimensions, dimensions);
      for (const row of await inference.kCenter('patch-pool', KEPT))
        kept.push(pool.subarray(row * dimensions, (row + 1) * dimensions));
      await inference.dropMatrix('patch-pool');
    }
    const matrix = new Float32Array(kept.length * dimensions);
    kept.forEach((row, i) => matrix.set(row, i * dimensions));
    await inference.putMatrix(matrixOf(half), matrix, kept.length, dimensions);
  }

  /** A few patches of each image, drawn by the run's seed. */
  #pool(stream: string, ids: number[]): Float32Array {
    const dimensions = patchDimensions(this.#grid);
    const patches = this.#grid.rows * this.#grid.columns;
    const perImage = Math.min(patches, POOL_PATCHES);
    const pool = new Float32Array(ids.length * perImage * dimensions);
    const random = streamOf(this.#run.seed, stream);
    for (const [i, id] of ids.entries()) {
      const chosen = sampleWithoutReplacement(random, patches, perImage);
      const bytes = this.#run.store.patches.of(this.#run.model, id)!;
      pool.set(unpackPatches(bytes, this.#grid, this.#weights, chosen), i * perImage * dimensions);
    }
    return pool;
  }

  /** The columns of some images, or of changed copies of them; distances are in units of `usual`. */
  async distances(
    ids: number[],
    copies: Block['copies'] = null,
    usual = this.#usual,
  ): Promise<{ oddestPart: Float64Array; artefactMap: (ArtefactMap | null)[] }> {
    const { rows, columns: wide } = this.#grid;
    const patches = rows * wide;
    const oddestPart = new Float64Array(ids.length).fill(Number.NaN);
    const artefactMap: (ArtefactMap | null)[] = ids.map(() => null);
    for (const half of [0, 1] as const) {
      const places = [...ids.keys()].filter((i) => halfOf(ids[i]!) === half);
      for (let first = 0; first < places.length; first += QUERY_IMAGES) {
        this.#run.task.signal.throwIfAborted();
        const asked = places.slice(first, first + QUERY_IMAGES).flatMap((i) => {
          const bytes = copies ? copies[i]!.patches : this.#run.store.patches.of(this.#run.model, ids[i]!);
          return bytes ? [{ i, bytes }] : [];
        });
        if (asked.length === 0) continue;
        const distance = await this.#run.inference.nearestToPatches(
          Buffer.concat(asked.map(({ bytes }) => bytes)),
          this.#grid,
          this.#weights,
          matrixOf(half === 0 ? 1 : 0),
        );
        for (const [k, { i }] of asked.entries()) {
          const own = distance.subarray(k * patches, (k + 1) * patches).map((value) => value / usual);
          oddestPart[i] = oddest(own);
          artefactMap[i] = { columns: wide, cells: packMap(own) };
        }
      }
    }
    return { oddestPart, artefactMap };
  }

  async drop(): Promise<void> {
    for (const half of [0, 1] as const) await this.#run.inference.dropMatrix(matrixOf(half));
  }
}

/** Some ids, drawn by the run's seed, in ascending order. */
function drawn(run: ScoreRun, stream: string, ids: number[], most: number): number[] {
  if (ids.length <= most) return ids;
  return [...sampleWithoutReplacement(streamOf(run.seed, stream), ids.length, most)]
    .sort((a, b) => a - b)
    .map((i) => ids[i]!);
}

/** For each layer one over the root of its total variance over the patches of some images. */
function layerWeights(run: ScoreRun, grid: PatchGrid, ids: number[]): number[] {
  const all = patchDimensions(grid);
  const sums = new Float64Array(all);
  const squares = new Float64Array(all);
  for (const id of ids) addPatchMoments(run.store.patches.of(run.model, id)!, grid, sums, squares);
  const n = ids.length * grid.rows * grid.columns;
  let before = 0;
  return grid.outputs.map(({ dimensions }) => {
    let variance = 0;
    for (let d = before; d < before + dimensions; d++)
      variance += Math.max(0, squares[d]! / n - (sums[d]! / n) ** 2);
    before += dimensions;
    return variance > 0 ? 1 / Math.sqrt(variance) : 0;
  });
}

/** Mean of the largest twentieth of an image's distances. */
export function oddest(distances: Float32Array): number {
  const descending = distances.toSorted().reverse();
  const count = Math.max(1, Math.round(ODDEST * descending.length));
  return descending.subarray(0, count).reduce((sum, value) => sum + value, 0) / count;
}

/** A byte per patch: 64 for a distance of 1, 255 for 4 and more. */
function packMap(distances: Float32Array): Uint8Array {
  return Uint8Array.from(distances, (value) => Math.min(255, Math.round(USUAL_BYTE * value)));
}

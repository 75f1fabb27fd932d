import type { HomeRow } from '../../db/queries/images.ts';
import type { Store } from '../../db/store.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { PixelStats } from '../../imaging/types.ts';
import type { InferenceProcess } from '../../models/inference-process.ts';
import type { Device, ModelPack } from '../../models/types.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';
import type { WritableProject } from '../project/project.ts';
import type { AutomaticSearch } from './automatic-search.ts';
import { readVectors, vectorsFrom, type Vectors } from './vectors.ts';

/** Images that are scored at a time. */
export const BLOCK_ROWS = 1024;

/** The images of a run, reduced to what fits in memory for millions of them. */
export interface Frame {
  /** Ids by role, ascending. */
  idsByRole: Record<HomeRow['role'], number[]>;
  /** The seed (`seedOf`). Its order is the order of seed rows everywhere. */
  seedIds: number[];
  /** Class index per seed row; -1 throughout where no real image has a label. */
  seedLabels: Int32Array;
  /** Linearly interpolated quartiles of sqrt(width * height) over all images. */
  sizeQ1: number;
  sizeQ3: number;
}

/** The seed among the real images: those with a label, or all of them if none has one. */
export function seedOf<Image extends Pick<HomeRow, 'labelId'>>(real: Image[]): Image[] {
  const labelled = real.filter(({ labelId }) => labelId !== null);
  return labelled.length > 0 ? labelled : real;
}

/** Reads every image's role, label and size once. `classOf` maps label ids to class indices. */
export function readFrame(store: Store, classOf: ReadonlyMap<number, number>): Frame {
  const idsByRole: Frame['idsByRole'] = { real: [], holdout: [], synthetic: [] };
  const real: Pick<HomeRow, 'id' | 'labelId'>[] = [];
  const sizes: number[] = [];
  for (const image of store.images.homes()) {
    idsByRole[image.role].push(image.id);
    sizes.push(Math.sqrt(image.width * image.height));
    if (image.role === 'real') real.push({ id: image.id, labelId: image.labelId });
  }
  const seed = seedOf(real);
  const ascending = Float64Array.from(sizes).sort();
  return {
    idsByRole,
    seedIds: seed.map(({ id }) => id),
    seedLabels: Int32Array.from(seed, ({ labelId }) => (labelId === null ? -1 : classOf.get(labelId)!)),
    sizeQ1: quantileSorted(ascending, 0.25),
    sizeQ3: quantileSorted(ascending, 0.75),
  };
}

/** Linearly interpolated median of the finite values, NaN without any. */
export function medianOf(values: ArrayLike<number>): number {
  return quantileSorted(sortedFinite(values), 0.5);
}

/** What a run scores, and what it computes with. */
export interface ScoreRun {
  project: WritableProject;
  store: Store;
  decoders: DecodePool;
  inference: InferenceProcess;
  search: AutomaticSearch;
  embedder: ModelPack;
  /** Fingerprint of the embedder, and the length of its vectors. */
  model: string;
  dimensions: number;
  /** What models were asked to run on. */
  device: Device;
  /** Takes the place of the project's own label model. */
  classifier: ModelPack | null;
  /** Texts that stand for the classes, for an embedder that can read. */
  prompts: string[][] | null;
  /** Names of the classes; a class is its index in them. */
  names: string[];
  classOf: ReadonlyMap<number, number>;
  frame: Frame;
  /** Draws everything that is drawn by lot. */
  seed: number;
  task: TaskContext;
}

/** Embeddings of some images by the run's embedder. */
export function vectorsOf({ store, model, dimensions }: ScoreRun, ids: number[]): Vectors {
  return readVectors(store, model, dimensions, ids);
}

/** What was measured of a changed copy of an image, in place of what is stored of the image itself. */
export interface Measured {
  pixels: PixelStats;
  signature: Uint8Array;
  /** Little-endian float32 bytes. */
  vector: Uint8Array;
  /** As packed by the model; null where the pack has no patches. */
  patches: Uint8Array | null;
}

/** Some images that are measured together: all of the seed, or none. */
export class Block {
  readonly run: ScoreRun;
  readonly ids: number[];
  /** Numbers of the images in the seed; null where they are not of it. */
  readonly seedRows: number[] | null;
  /** Of changed copies of the images, what was measured; null of the images themselves. */
  readonly copies: readonly Measured[] | null;
  readonly #known: Map<unknown, unknown>;
  readonly #given: Int32Array | null;

  constructor(
    run: ScoreRun,
    ids: number[],
    seedRows: number[] | null,
    given: Int32Array | null = null,
    known = new Map<unknown, unknown>(),
    copies: readonly Measured[] | null = null,
  ) {
    this.copies = copies;
    this.run = run;
    this.ids = ids;
    this.seedRows = seedRows;
    this.#given = given;
    this.#known = known;
  }

  /** Some rows of the seed. */
  static ofSeed(run: ScoreRun, rows: number[]): Block {
    return new Block(
      run,
      rows.map((row) => run.frame.seedIds[row]!),
      rows,
    );
  }

  /** Changed copies of images, each held against all others as the image that it is a copy of. */
  static ofCopies(
    run: ScoreRun,
    ids: number[],
    seedRows: number[] | null,
    copies: readonly Measured[],
  ): Block {
    return new Block(run, ids, seedRows, null, undefined, copies);
  }

  get n(): number {
    return this.ids.length;
  }

  /** Class index of each image's label, -1 for none. */
  get given(): Int32Array {
    if (this.#given) return this.#given;
    const { classOf } = this.run;
    return this.once('given', () =>
      Int32Array.from(this.images, ({ labelId }) => (labelId === null ? -1 : classOf.get(labelId)!)),
    );
  }

  get images(): HomeRow[] {
    return this.once('images', () => this.ids.map((id) => this.run.store.images.byId(id)!));
  }

  get vectors(): Vectors {
    const { copies } = this;
    return this.once('vectors', () =>
      copies
        ? vectorsFrom(
            copies.map(({ vector }) => vector),
            this.run.dimensions,
          )
        : vectorsOf(this.run, this.ids),
    );
  }

  /** Seed row of each image, -1 where it has none. */
  get self(): Int32Array {
    return Int32Array.from(this.seedRows ?? this.ids.map(() => -1));
  }

  /** The same images under other labels. What `once` has computed is shared. */
  relabelled(given: Int32Array): Block {
    return new Block(this.run, this.ids, this.seedRows, given, this.#known, this.copies);
  }

  /** Computes what does not depend on the labels, the first time that `key` is asked for. */
  once<T>(key: unknown, compute: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, compute());
    return this.#known.get(key) as T;
  }
}

import type { WritableStore } from '../../db/store.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import type { InputGeometry } from '../../imaging/types.ts';
import type { InferenceProcess } from '../../models/inference-process.ts';
import { checkImageModel } from '../../models/pack-check.ts';
import type { Device, ModelPack } from '../../models/types.ts';
import type { WritableProject } from '../project/project.ts';
import { originalOf, originalPath } from '../project/originals.ts';
import { mapOrdered, inChunks } from '../base/parallel.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';

/** Images handed to the inference process at a time. */
export const CHUNK = 128;

/** Pixels that the decoder must leave for a pack. */
export function geometryOf(pack: ModelPack): InputGeometry {
  const { width, height, fit, kernel } = pack.manifest.input;
  return { width, height, fit, kernel };
}

/** Length of the vector that a pack gives for one image. */
function outputSize(pack: ModelPack): number {
  return pack.manifest.kind === 'embedder' ? pack.manifest.dimensions : pack.manifest.classes.length;
}

/** What the model says of one image. */
export interface Embedded {
  /** Little-endian float32 bytes. */
  vector: Uint8Array;
  /** What is where on the picture (models/patches.ts); null where the pack has no patches. */
  patches: Uint8Array | null;
}

/** A pack loaded on a device: turns decoded pixels into vectors. */
export class Embedder {
  readonly pack: ModelPack;
  /** The device that really runs, which may not be the one asked for; `note` says why. */
  readonly device: string;
  readonly note: string | null;
  readonly #inference: InferenceProcess;

  private constructor(pack: ModelPack, device: string, note: string | null, inference: InferenceProcess) {
    this.pack = pack;
    this.device = device;
    this.note = note;
    this.#inference = inference;
  }

  static async load(inference: InferenceProcess, pack: ModelPack, device: Device): Promise<Embedder> {
    // A pack whose model is not what it says must not give a single vector.
    if (!inference.checked.has(pack.fingerprint)) await checkImageModel(pack, inference);
    inference.checked.add(pack.fingerprint);
    const loaded = await inference.loadPack(pack, device);
    return new Embedder(pack, loaded.device, loaded.note, inference);
  }

  async embed(tensors: Uint8Array[]): Promise<Embedded[]> {
    if (tensors.length === 0) return [];
    const size = tensors[0]!.byteLength;
    const block = new Uint8Array(size * tensors.length);
    for (const [i, tensor] of tensors.entries()) block.set(tensor, i * size);
    const { vectors, patches } = await this.#inference.runWithPatches(block, tensors.length);
    const length = outputSize(this.pack);
    const bytes = patches ? patches.length / tensors.length : 0;
    return tensors.map((_, i) => ({
      vector: new Uint8Array(vectors.slice(i * length, (i + 1) * length).buffer),
      patches: patches && patches.subarray(i * bytes, (i + 1) * bytes),
    }));
  }
}

/** Keeps what the model says of an image, unless that is there already. */
export function keepEmbedded(
  store: WritableStore,
  model: string,
  imageId: number,
  { vector, patches }: Embedded,
): void {
  store.facts.insertEmbedding(model, imageId, vector);
  if (patches) store.patches.insert(model, imageId, patches);
}

/**
 * Computes the missing vectors of a pack for all images of the project, from the originals; also where only the patches
 * are missing if `wanted` says so, as in projects of versions that kept none.
 * Throws `NOT_READY` naming the first original that is missing or changed, since its vector would be of other bytes.
 */
export async function embedMissing(
  project: WritableProject,
  embedder: Embedder,
  pool: DecodePool,
  task: TaskContext,
  wanted: 'vectors' | 'patches' = 'vectors',
): Promise<number> {
  const { store } = project;
  const model = embedder.pack.fingerprint;
  const geometry = geometryOf(embedder.pack);
  const { manifest } = embedder.pack;
  const hasPatches = manifest.kind === 'embedder' && manifest.patches !== undefined;
  const next = (after: number): number[] =>
    wanted === 'patches' && hasPatches
      ? store.patches.without(model, after)
      : store.facts.withoutEmbedding(model, after);
  function* missing(): Generator<number> {
    for (let after = 0, page = next(after); page.length > 0; page = next(after)) {
      yield* page;
      after = page.at(-1)!;
    }
  }
  const decoded = mapOrdered(missing(), CHUNK * 2, async (id) => {
    task.signal.throwIfAborted();
    const image = store.images.byId(id)!;
    const outcome = await pool.decode({
      ...originalOf(project.objects, image),
      geometry,
      thumbs: null,
      objects: null,
    });
    if (!outcome.ok || outcome.sha256 !== image.sha256)
      throw new AssayError(
        'NOT_READY',
        `${originalPath(project.objects, image)} ${outcome.ok ? 'changed on disk since it was imported' : `cannot be read: ${outcome.detail}`}. Put the original back, then score again.`,
        { sha256: image.sha256 },
      );
    return { id, tensor: outcome.tensor! };
  });
  let done = 0;
  for await (const chunk of inChunks(decoded, CHUNK)) {
    task.signal.throwIfAborted();
    const embedded = await embedder.embed(chunk.map((item) => item.tensor));
    await store.whenFree();
    store.transaction(() => {
      for (const [i, item] of chunk.entries()) keepEmbedded(store, model, item.id, embedded[i]!);
    });
    done += chunk.length;
    task.progress({ stage: 'embedding', done, total: null, unit: 'images' });
  }
  return done;
}

import type { ObjectKey } from '../../../db/queries/objects.ts';
import { inChunks, mapOrdered } from '../../base/parallel.ts';
import { originalOf } from '../../project/originals.ts';
import type { ScoreRun } from '../block.ts';
import { CHUNK, Embedder, geometryOf } from '../embedding.ts';
import type { PixelBox } from './objects.ts';

/** How much of its size a crop shows around the box, on each side: the edge of an object is part of how it looks. */
const AROUND = 0.1;
/** Part of the key of stored vectors: to be raised when crops are cut in another way. */
const CROPS = 'crops-1';

/** A box of an image whose crop is looked at. */
interface CropRequest extends Omit<ObjectKey, 'fileId'> {
  box: PixelBox;
}

/** All crops of one image that are wanted: one decode gives them all. */
export interface ImageCrops {
  imageId: number;
  fileId: number;
  crops: CropRequest[];
}

/** The key of object vectors in the database, for an embedder's fingerprint. */
export function cropModel(model: string): string {
  return `${model}/${CROPS}`;
}

/**
 * Embeds the crops that are not stored yet, and stores them. Returns how many images had to be left out because their
 * original is missing or changed.
 */
export async function embedCrops(
  run: ScoreRun,
  images: Iterable<ImageCrops>,
  total: number,
): Promise<number> {
  const { project, task } = run;
  const { store } = project;
  const model = cropModel(run.model);
  const geometry = geometryOf(run.embedder);
  let leftOut = 0;
  let done = 0;
  function* missing(): Generator<ImageCrops> {
    for (const { crops, ...image } of images) {
      done++;
      const open = crops.filter((crop) => !store.objects.vector(model, { ...crop, fileId: image.fileId }));
      if (open.length > 0) yield { ...image, crops: open };
    }
  }
  const decoded = mapOrdered(missing(), CHUNK, async ({ imageId, fileId, crops }) => {
    task.signal.throwIfAborted();
    const image = store.images.byId(imageId)!;
    const outcome = await run.decoders.decode({
      ...originalOf(project.objects, image),
      geometry,
      crops: crops.map(({ box }) => withSurroundings(box)),
      thumbs: null,
      objects: null,
    });
    if (!outcome.ok || outcome.sha256 !== image.sha256) {
      leftOut++;
      return [];
    }
    return crops.map((crop, i) => ({ key: { ...crop, fileId }, tensor: outcome.crops[i]! }));
  });
  let embedder: Embedder | null = null;
  for await (const chunk of inChunks(flat(decoded), CHUNK)) {
    task.signal.throwIfAborted();
    // A classifier may have taken the embedder's place in the process.
    embedder ??= await Embedder.load(run.inference, run.embedder, run.device);
    const embedded = await embedder.embed(chunk.map(({ tensor }) => tensor));
    await store.whenFree();
    store.transaction(() => {
      for (const [i, { key }] of chunk.entries()) store.objects.insertVector(model, key, embedded[i]!.vector);
    });
    task.progress({ stage: 'looking at objects', done, total, unit: 'images' });
  }
  return leftOut;
}

async function* flat<T>(lists: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const list of lists) yield* list;
}

function withSurroundings([x, y, w, h]: PixelBox): PixelBox {
  return [x - AROUND * w, y - AROUND * h, w * (1 + 2 * AROUND), h * (1 + 2 * AROUND)];
}

import type { Store } from '../../../db/store.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { fitPca, project, type Projection } from './pca.ts';

/** Images that the axes are fitted to: far more than there are dimensions. */
const FIT_ROWS = 8192;
/** Image numbers read at a time. */
const PAGE = 10_000;

/** The embeddings of all images in the plane or space of their principal axes. */
export interface Reduced {
  /** Images with an embedding, ascending. */
  ids: Uint32Array;
  /** Numbers per image. */
  dimensions: number;
  /** ids x dimensions, row-major, the axis of the largest variance first. */
  rows: Float32Array;
}

/**
 * Reads a model's embeddings at length 1, so that euclidean distance orders them as cosine does, and keeps their first
 * principal components: `dimensions` numbers each, or as many as there are. Memory: 4 bytes per number kept. Throws
 * `NOT_READY` if there is no embedding.
 */
export function readReduced(
  store: Store,
  model: string,
  dimensions: number,
  progress: (done: number, total: number) => void,
): Reduced {
  const ids = Uint32Array.from(store.maps.ids(model));
  const first = ids.length > 0 ? store.maps.vector(model, ids[0]!) : undefined;
  if (!first)
    throw new AssayError('NOT_READY', 'There is nothing to draw a map of yet: import some images first.');
  const width = first.byteLength / 4;
  const projection = fit(store, model, ids, width, dimensions);
  const kept = projection.axes.length;
  const rows = new Float32Array(ids.length * kept);
  let done = 0;
  for (let after = 0, last = ids.at(-1)!; after < last; after += PAGE) {
    // An import may add embeddings meanwhile: only those of the list are read.
    const page = store.maps.vectors(model, after, Math.min(after + PAGE, last));
    const raw = new Float32Array(page.length * width);
    let taken = 0;
    for (const [id, bytes] of page) if (id === ids[done + taken]) putUnit(raw, width * taken++, bytes, width);
    rows.set(project(raw.subarray(0, taken * width), projection), done * kept);
    done += taken;
    progress(done, ids.length);
  }
  return { ids, dimensions: kept, rows };
}

/** The axes of an even sample of the images. */
function fit(store: Store, model: string, ids: Uint32Array, width: number, dimensions: number): Projection {
  const count = Math.min(ids.length, FIT_ROWS);
  const sample = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const id = ids[Math.floor((i * ids.length) / count)]!;
    putUnit(sample, i * width, store.maps.vector(model, id)!, width);
  }
  return fitPca(sample, width, dimensions);
}

/** A vector of another length, or with a non-finite number, counts as zero: it lies in the middle. */
function putUnit(rows: Float32Array, start: number, bytes: Uint8Array, width: number): void {
  if (bytes.byteLength !== 4 * width) return;
  const vector = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let square = 0;
  for (const value of vector) square += value * value;
  if (!Number.isFinite(square) || square === 0) return;
  const scale = 1 / Math.sqrt(square);
  for (let j = 0; j < width; j++) rows[start + j] = vector[j]! * scale;
}

import type { Store } from '../../db/store.ts';
import type { Neighbours } from '../../models/types.ts';
import type { Search } from './automatic-search.ts';

/** Embeddings of some images as one matrix. Rows of images that the model has not seen are NaN. */
export interface Vectors {
  n: number;
  dimensions: number;
  /** n x dimensions, row-major, as the model gave them. */
  raw: Float32Array;
  /** The same rows at length 1: half their squared euclidean distance is the cosine distance. */
  unit: Float32Array;
}

/** Reads the embeddings of the given images. Memory: 8 bytes per number. */
export function readVectors(store: Store, model: string, dimensions: number, imageIds: number[]): Vectors {
  const stored = imageIds.map((id) => store.facts.embedding(model, id));
  return vectorsFrom(stored, dimensions);
}

/** Embeddings as they are stored, little-endian float32 bytes, as one matrix. */
export function vectorsFrom(stored: readonly (Uint8Array | undefined)[], dimensions: number): Vectors {
  const raw = new Float32Array(stored.length * dimensions).fill(Number.NaN);
  for (const [row, bytes] of stored.entries())
    if (bytes) raw.set(new Float32Array(new Uint8Array(bytes).buffer), row * dimensions);
  return { n: stored.length, dimensions, raw, unit: unitRows(raw, dimensions) };
}

function unitRows(raw: Float32Array, dimensions: number): Float32Array {
  const unit = new Float32Array(raw.length);
  for (let start = 0; start < raw.length; start += dimensions) {
    let square = 0;
    for (let j = start; j < start + dimensions; j++) square += raw[j]! * raw[j]!;
    const length = Math.sqrt(square);
    for (let j = start; j < start + dimensions; j++) unit[j] = length === 0 ? 0 : raw[j]! / length;
  }
  return unit;
}

/** Some rows of a row-major matrix, in the order given. */
export function pickRows(matrix: Float32Array, columns: number, rows: number[]): Float32Array {
  const picked = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries())
    picked.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
  return picked;
}

/** The k nearest rows of a matrix of unit vectors, with cosine distances (half the squared euclidean ones). */
export async function nearestByCosine(
  kernels: Pick<Search, 'nearest'>,
  unit: Float32Array,
  base: string,
  k: number,
  exclude: Int32Array,
): Promise<Neighbours> {
  const found = await kernels.nearest(unit, base, k, exclude);
  return { ...found, distance: found.distance.map((distance) => distance ** 2 / 2) };
}

/** The rows of a matrix of unit vectors with the greatest cosine to one, the greatest first; rows of NaN are no answer. */
export function mostSimilar(
  unit: Float32Array,
  matrix: Float32Array,
  count: number,
  isLeftOut: (row: number) => boolean,
): { row: number; similarity: number }[] {
  const best: { row: number; similarity: number }[] = [];
  for (let row = 0; row * unit.length < matrix.length; row++) {
    if (isLeftOut(row)) continue;
    let similarity = 0;
    for (let j = 0, at = row * unit.length; j < unit.length; j++) similarity += unit[j]! * matrix[at + j]!;
    if (Number.isNaN(similarity)) continue;
    if (best.length === count && similarity <= best.at(-1)!.similarity) continue;
    best.push({ row, similarity });
    best.sort((a, b) => b.similarity - a.similarity || a.row - b.row);
    if (best.length > count) best.pop();
  }
  return best.map(({ row, similarity }) => ({ row, similarity: Math.min(1, similarity) }));
}

/** What is where on a picture: features of a grid of patches, from layers of the embedder's own pass. */
import { AssayError } from '../rpc/errors.ts';
import type { PatchGrid } from './types.ts';

const HEADER_BYTES_PER_OUTPUT = 4;

/** Numbers that a patch has, of all outputs. */
export function patchDimensions({ outputs }: PatchGrid): number {
  return outputs.reduce((sum, { dimensions }) => sum + dimensions, 0);
}

/** Bytes that the patches of one image take. */
export function patchBytes(grid: PatchGrid): number {
  return HEADER_BYTES_PER_OUTPUT * grid.outputs.length + grid.rows * grid.columns * patchDimensions(grid);
}

/** One output of the graph, n x dimensions x height x width. */
export interface Layer {
  data: Float32Array;
  height: number;
  width: number;
}

/**
 * Packs image `i` of a run: the layers averaged down to the grid, patch by patch in rows, each number in one byte. The
 * largest number of each layer fills its byte; that scale stands before the patches, little-endian float32 per layer.
 * Throws INFERENCE_FAILED where a number is not finite.
 */
export function packPatches(layers: readonly Layer[], i: number, grid: PatchGrid): Uint8Array {
  const { rows, columns, outputs } = grid;
  const bytes = new Uint8Array(patchBytes(grid));
  const scales = new DataView(bytes.buffer);
  const packed = new Int8Array(bytes.buffer, HEADER_BYTES_PER_OUTPUT * outputs.length);
  const all = patchDimensions(grid);
  let before = 0;
  for (const [o, { name, dimensions }] of outputs.entries()) {
    const pooled = pool(layers[o]!, i, dimensions, rows, columns);
    let largest = 0;
    for (const value of pooled) largest = Math.max(largest, Math.abs(value));
    if (!Number.isFinite(largest))
      throw new AssayError('INFERENCE_FAILED', `Output ${name} of the model is not finite.`);
    const scale = Math.fround(largest / 127);
    scales.setFloat32(HEADER_BYTES_PER_OUTPUT * o, scale, true);
    for (let patch = 0; scale > 0 && patch < rows * columns; patch++)
      for (let d = 0; d < dimensions; d++)
        packed[patch * all + before + d] = Math.round(pooled[patch * dimensions + d]! / scale);
    before += dimensions;
  }
  return bytes;
}

/** Means of an image's layer over the cells of the grid, (rows x columns) x dimensions. */
function pool(
  { data, height, width }: Layer,
  i: number,
  dimensions: number,
  rows: number,
  columns: number,
): Float32Array {
  const [tall, wide] = [height / rows, width / columns];
  const pooled = new Float32Array(rows * columns * dimensions);
  for (let d = 0, at = i * dimensions * height * width; d < dimensions; d++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        const patch = Math.floor(y / tall) * columns + Math.floor(x / wide);
        pooled[patch * dimensions + d]! += data[at]! / (tall * wide);
      }
  return pooled;
}

/** The packed patches as numbers, (rows x columns) x dimensions; each layer times its `weights` entry. */
export function unpackPatches(bytes: Uint8Array, grid: PatchGrid, weights: readonly number[]): Float32Array {
  const { rows, columns, outputs } = grid;
  const header = HEADER_BYTES_PER_OUTPUT * outputs.length;
  const scales = new DataView(bytes.buffer, bytes.byteOffset);
  const packed = new Int8Array(bytes.buffer, bytes.byteOffset + header, bytes.byteLength - header);
  const all = patchDimensions(grid);
  const values = new Float32Array(rows * columns * all);
  let before = 0;
  for (const [o, { dimensions }] of outputs.entries()) {
    const scale = scales.getFloat32(HEADER_BYTES_PER_OUTPUT * o, true) * weights[o]!;
    for (let at = before; at < values.length; at += all)
      for (let d = at; d < at + dimensions; d++) values[d] = packed[d]! * scale;
    before += dimensions;
  }
  return values;
}

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

/**
 * Packed patches of images, one after the other, as numbers, patches x dimensions; each layer times its `weights` entry.
 * `chosen` names the patches of each image that are wanted, in the order given; all of them where it is left out.
 */
export function unpackPatches(
  bytes: Uint8Array,
  grid: PatchGrid,
  weights: readonly number[],
  chosen?: ArrayLike<number>,
): Float32Array {
  const all = patchDimensions(grid);
  const count = chosen?.length ?? grid.rows * grid.columns;
  const values = new Float32Array((bytes.length / patchBytes(grid)) * count * all);
  let first = 0;
  for (const { packed, scales } of packedImages(bytes, grid)) {
    let before = 0;
    for (const [o, { dimensions }] of grid.outputs.entries()) {
      const scale = scales[o]! * weights[o]!;
      for (let i = 0; i < count; i++) {
        const from = (chosen ? chosen[i]! : i) * all + before;
        const to = first + i * all + before;
        for (let d = 0; d < dimensions; d++) values[to + d] = packed[from + d]! * scale;
      }
      before += dimensions;
    }
    first += count * all;
  }
  return values;
}

/** Adds the numbers of an image's patches, and their squares, to the sums of each dimension. */
export function addPatchMoments(
  bytes: Uint8Array,
  grid: PatchGrid,
  sums: Float64Array,
  squares: Float64Array,
): void {
  const all = patchDimensions(grid);
  for (const { packed, scales } of packedImages(bytes, grid)) {
    let before = 0;
    for (const [o, { dimensions }] of grid.outputs.entries()) {
      for (let at = 0; at < packed.length; at += all)
        for (let d = before; d < before + dimensions; d++) {
          const value = Math.fround(packed[at + d]! * scales[o]!);
          sums[d]! += value;
          squares[d]! += value ** 2;
        }
      before += dimensions;
    }
  }
}

/** The bytes and the scale of each layer, image by image. */
function* packedImages(
  bytes: Uint8Array,
  grid: PatchGrid,
): Generator<{ packed: Int8Array; scales: number[] }> {
  const header = HEADER_BYTES_PER_OUTPUT * grid.outputs.length;
  const length = patchBytes(grid);
  for (let from = bytes.byteOffset; from < bytes.byteOffset + bytes.length; from += length) {
    const view = new DataView(bytes.buffer, from, header);
    yield {
      packed: new Int8Array(bytes.buffer, from + header, length - header),
      scales: grid.outputs.map((_, o) => view.getFloat32(HEADER_BYTES_PER_OUTPUT * o, true)),
    };
  }
}

import { lumaAt } from '../../../imaging/luma.ts';

/** One scale of a picture: luma 0..255, row-major. */
export interface Level {
  width: number;
  height: number;
  luma: Float32Array;
}

/** A small grey version of a picture, as registration reads it: itself, at half and at a quarter of its size. */
export type Plate = readonly [Level, Level, Level];

/** Whether a luma may have been cut off at black or white, which storage blurs by a few levels. */
export const isClipped = (luma: number): boolean => luma <= 3 || luma >= 252;

/** Its levels. */
export const WHOLE = 0;
export const HALF = 1;
export const QUARTER = 2;

/** Longest side of a plate in pixels. */
const PLATE_SIDE = 96;
/** Shortest side: its quarter still has eight pixels. */
const LEAST_SIDE = 32;

/** Size of the plate of a picture of this size: its shape is kept, but for pictures more than 3 times as long as wide. */
export function plateSize(width: number, height: number): { width: number; height: number } {
  const scale = PLATE_SIDE / Math.max(width, height);
  const side = (length: number): number => 4 * Math.round(Math.max(LEAST_SIDE, length * scale) / 4);
  return { width: side(width), height: side(height) };
}

/** From RGB bytes, row-major, of `plateSize`. */
export function plateOf(rgb: Uint8Array, width: number, height: number): Plate {
  const luma = new Float32Array(width * height);
  for (let i = 0; i < luma.length; i++) luma[i] = lumaAt(rgb, 3 * i);
  const whole = { width, height, luma };
  const half = halved(whole);
  return [whole, half, halved(half)];
}

/** Averages 2 x 2 pixels. */
function halved({ width: from, height: rows, luma }: Level): Level {
  const width = from >> 1;
  const height = rows >> 1;
  const small = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = 2 * y * from + 2 * x;
      small[y * width + x] = (luma[at]! + luma[at + 1]! + luma[at + from]! + luma[at + from + 1]!) / 4;
    }
  return { width, height, luma: small };
}

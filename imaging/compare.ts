import { averageArea } from './area.ts';
import type { Pixels } from './pixels.ts';

const SIDE = 32;

/** The picture at 32x32 RGB, box-averaged with exact coverage: 3072 bytes, row-major HWC. */
export function signatureOf({ rgb, width, height }: Pixels): Uint8Array {
  return averageArea(rgb, width, height, SIDE, SIDE);
}

/** Mean absolute difference per byte, 0..255, of two signatures. */
export function signatureDistance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

/** The same with the second picture mirrored left to right. */
export function mirroredSignatureDistance(a: Uint8Array, b: Uint8Array): number {
  const row = SIDE * 3;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const inRow = i % row;
    const mirrored = i - inRow + (row - 3 - inRow + 2 * (inRow % 3));
    sum += Math.abs(a[i]! - b[mirrored]!);
  }
  return sum / a.length;
}

import { averageArea } from './area.ts';
import type { Pixels } from './pixels.ts';
import type { InputGeometry } from './types.ts';

const SIDE = 32;

/** The picture at 32x32 RGB, box-averaged with exact coverage: 3072 bytes, row-major HWC. */
export function signatureOf({ rgb, width, height }: Pixels): Uint8Array {
  return averageArea(rgb, width, height, SIDE, SIDE);
}

/** Whether a model asks for exactly the pixels that the signature holds. */
export function isSignature({ width, height, fit, kernel }: InputGeometry): boolean {
  return width === SIDE && height === SIDE && fit === 'squash' && kernel === 'area';
}

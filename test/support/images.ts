import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { PlainFormat } from '../../imaging/types.ts';

export interface TestImage {
  bytes: Buffer;
  sha256: string;
  format: PlainFormat;
  width: number;
  height: number;
}

/** A real image file of small noise: the same seed and format give the same picture, different seeds different ones. */
export async function makeImage(
  seed: number,
  format: PlainFormat = 'png',
  width = 24,
  height = 16,
): Promise<TestImage> {
  const pixels = Buffer.alloc(width * height * 3);
  // Numerical Recipes' linear congruential generator: plain, and the same on every machine.
  let state = (seed + 1) >>> 0;
  for (let i = 0; i < pixels.length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = state >>> 24;
  }
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  const bytes = await picture.toFormat(format).toBuffer();
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), format, width, height };
}

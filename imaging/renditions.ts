import { averageArea } from './area.ts';
import type { Pixels } from './pixels.ts';
import sharp from './sharp.ts';
import type { Crop, InputGeometry } from './types.ts';

/** Longest side in pixels; smaller images keep their size. */
const THUMBNAIL_SIDE = 256;

/** A WebP of the upright picture. Effort 0, since encoding is the slowest step of an import and size matters little. */
export async function thumbnailOf({ rgb, width, height }: Pixels): Promise<Buffer> {
  const image = sharp(rgb, { raw: { width, height, channels: 3 } });
  if (Math.max(width, height) > THUMBNAIL_SIDE) {
    image.resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true });
  }
  return image.webp({ quality: 75, effort: 0 }).toBuffer();
}

const SIDE = 32;

/** The picture at 32x32 RGB, box-averaged with exact coverage: 3072 bytes, row-major HWC. */
export function signatureOf({ rgb, width, height }: Pixels): Uint8Array {
  return averageArea(rgb, width, height, SIDE, SIDE);
}

/** Whether a model asks for exactly the pixels that the signature holds. */
export function isSignature({ width, height, fit, kernel }: InputGeometry): boolean {
  return width === SIDE && height === SIDE && fit === 'squash' && kernel === 'area';
}

const SHARP_KERNELS = { bilinear: 'linear', bicubic: 'cubic', lanczos3: 'lanczos3' } as const;

/**
 * RGB bytes (row-major HWC) of a model's input size, from the full-resolution pixels. `area` is computed here and is
 * the same on every machine; for the signature's geometry it is the signature. The other kernels are libvips' own,
 * which may differ by a level between its versions.
 */
export async function tensorOf(
  pixels: Pixels,
  geometry: InputGeometry,
  signature: Uint8Array,
): Promise<Uint8Array> {
  if (isSignature(geometry)) return signature;
  const { rgb, width, height } = pixels;
  const { kernel, fit } = geometry;
  if (kernel === 'area') return averageArea(rgb, width, height, geometry.width, geometry.height, fit);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(geometry.width, geometry.height, {
      fit: fit === 'squash' ? 'fill' : 'cover',
      kernel: SHARP_KERNELS[kernel],
      fastShrinkOnLoad: false,
    })
    .raw()
    .toBuffer();
}

/** The part of a picture that a crop covers, in whole pixels: at least one, also where it lies outside. */
export function cropOf({ rgb, width, height }: Pixels, [x, y, w, h]: Crop): Pixels {
  const left = Math.min(Math.max(Math.floor(x), 0), width - 1);
  const top = Math.min(Math.max(Math.floor(y), 0), height - 1);
  const right = Math.min(Math.max(Math.ceil(x + w), left + 1), width);
  const bottom = Math.min(Math.max(Math.ceil(y + h), top + 1), height);
  const row = (right - left) * 3;
  const part = new Uint8Array(row * (bottom - top));
  for (let at = top; at < bottom; at++)
    part.set(rgb.subarray((at * width + left) * 3, (at * width + left) * 3 + row), (at - top) * row);
  return { width: right - left, height: bottom - top, rgb: part, alpha: null };
}

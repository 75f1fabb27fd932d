import { averageArea } from './area.ts';
import { isSignature } from './signature.ts';
import type { Pixels } from './pixels.ts';
import sharp from './sharp.ts';
import type { InputGeometry } from './types.ts';

const SHARP_KERNELS = { bilinear: 'linear', bicubic: 'cubic', lanczos3: 'lanczos3' } as const;

/**
 * RGB bytes (row-major HWC) of a model's input size, from the full-resolution pixels. `area` is computed here and is
 * the same on every machine, and of the signature's own geometry it is the signature; the other kernels are libvips' own, which may differ by a level between its versions.
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

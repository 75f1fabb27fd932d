import type { Pixels } from './pixels.ts';
import sharp from './sharp.ts';

/** Longest side in pixels; smaller images keep their size. */
const THUMBNAIL_SIDE = 256;

/** A WebP of the upright picture. Effort 0, since encoding is the dearest step of an import and size matters little. */
export async function thumbnailOf({ rgb, width, height }: Pixels): Promise<Buffer> {
  const image = sharp(rgb, { raw: { width, height, channels: 3 } });
  if (Math.max(width, height) > THUMBNAIL_SIDE) {
    image.resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true });
  }
  return image.webp({ quality: 75, effort: 0 }).toBuffer();
}

import type { Picture } from '../canvas.ts';
import { encodeImage } from '../encode.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { decodePixels } from '../pixels.ts';
import type { PlainFormat } from '../types.ts';

/** What is left of a picture after it was saved in a lossy format. `quality` is 1..100. */
export async function saved(picture: Picture, format: PlainFormat, quality: number): Promise<Picture> {
  const { width, height, rgb } = picture;
  const bytes = await encodeImage(rgb, width, height, format, { quality });
  const read = await decodePixels(bytes, format, DEFAULT_LIMITS);
  if (!read.ok)
    throw new Error(`a ${format} file of ${width} x ${height} that was just written: ${read.detail}`);
  return { width, height, rgb: read.pixels.rgb };
}

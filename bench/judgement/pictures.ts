import { readFileSync, writeFileSync } from 'node:fs';
import { encodeImage } from '../../imaging/encode.ts';
import type { Picture } from '../../imaging/faults/index.ts';
import sharp from '../../imaging/sharp.ts';
import type { Random } from '../../imaging/random.ts';

/** Squashed to a size where one is given. */
export async function readPicture(file: string, size?: { width: number; height: number }): Promise<Picture> {
  let image = sharp(readFileSync(file)).toColourspace('srgb').removeAlpha();
  if (size) image = image.resize({ width: size.width, height: size.height, fit: 'fill' });
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

/** As a generator's service might deliver it: JPEG mostly, else PNG. Returns the path with its ending. */
export async function writePicture(path: string, picture: Picture, random: Random): Promise<string> {
  const png = random.chance(0.2);
  const { rgb, width, height } = picture;
  const bytes = png
    ? await encodeImage(rgb, width, height, 'png')
    : await encodeImage(rgb, width, height, 'jpeg', { quality: 84 + random.integer(12) });
  const file = `${path}.${png ? 'png' : 'jpg'}`;
  writeFileSync(file, bytes, { flag: 'wx' });
  return file;
}

const SMALL = 8;

/** 8 x 8 RGB as numbers. */
export async function smallPixels(file: string): Promise<Float64Array> {
  const { rgb } = await readPicture(file, { width: SMALL, height: SMALL });
  return Float64Array.from(rgb);
}

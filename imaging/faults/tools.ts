import { blur, sampleBilinear, type Picture } from '../canvas.ts';
import type { Random } from '../random.ts';

/** A side of the square of the same area, in pixels: what shares of "the size" refer to. */
export function sizeOf({ width, height }: Picture): number {
  return Math.sqrt(width * height);
}

/** The value at `strength` of a range given by its ends at 0 and 1. */
export function between(atNone: number, atFull: number, strength: number): number {
  return atNone + (atFull - atNone) * Math.min(1, Math.max(0, strength));
}

/** `value` or `-value`, as likely. */
export function eitherWay(random: Random, value: number): number {
  return random.chance(0.5) ? value : -value;
}

export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}

/** 0..1, or a number of pixels, as people write it. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function pixels(count: number): string {
  return `${count < 10 ? Math.round(count * 10) / 10 : Math.round(count)} px`;
}

/** Changes every channel of every pixel by a table of 256 values. */
export function mapLevels({ width, height, rgb }: Picture, table: (level: number) => number): Picture {
  const levels = Uint8Array.from({ length: 256 }, (_, level) => toByte(table(level)));
  return { width, height, rgb: rgb.map((level) => levels[level]!) };
}

/**
 * Fills a picture of the given size: `source` writes into `at` where in `picture` the colour of a pixel comes from.
 * Between pixels it is interpolated; beyond the border the border is repeated.
 */
export function redraw(
  picture: Picture,
  width: number,
  height: number,
  source: (x: number, y: number, at: [number, number]) => void,
): Picture {
  const rgb = new Uint8Array(width * height * 3);
  const at: [number, number] = [0, 0];
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      source(x, y, at);
      for (let c = 0; c < 3; c++) rgb[to++] = sampleBilinear(picture, at[0], at[1], c);
    }
  }
  return { width, height, rgb };
}

/** Gaussian blur of the bytes. `sigma` in pixels. */
export function blurred({ width, height, rgb }: Picture, sigma: number): Picture {
  const target = { width, height, data: Float32Array.from(rgb) };
  blur(target, sigma);
  return { width, height, rgb: Uint8Array.from(target.data, toByte) };
}

/** Part of a picture, in whole pixels that lie inside it. */
export function cut(picture: Picture, left: number, top: number, width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    rgb.set(picture.rgb.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, rgb };
}

/** Mean of .299 R + .587 G + .114 B, 0..255. */
export function meanLuma({ rgb }: Picture): number {
  let sum = 0;
  for (let i = 0; i < rgb.length; i += 3) sum += 0.299 * rgb[i]! + 0.587 * rgb[i + 1]! + 0.114 * rgb[i + 2]!;
  return sum / (rgb.length / 3);
}
/** 1 for every pixel that differs. The pictures are of one size. */
export function changes(before: Picture, after: Picture): Uint8Array {
  const mask = new Uint8Array(before.width * before.height);
  for (let i = 0; i < before.rgb.length; i++) {
    if (before.rgb[i] !== after.rgb[i]) mask[(i / 3) | 0] = 1;
  }
  return mask;
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import sharp, { type Sharp } from 'sharp';

const GOLDENS = fileURLToPath(new URL('../e2e/screen-goldens/', import.meta.url));
const DIFFERENT = fileURLToPath(new URL('../../out/screens-that-differ/', import.meta.url));
const MADE_WITH = join(GOLDENS, 'made-with.json');

/** Goldens are kept at a quarter of the size: a digit of a time does not count, a moved card does. */
const SCALE = 4;
/** Grey levels by which a pixel may lie outside what is around it in the other picture, and how many may by more. */
const LEVELS = 20;
export const SHARE = 0.002;

/** Goldens are compared, or written instead, where this is asked for: a few still depend on what was measured first. */
const ASKED = process.env['ASSAY_SCREEN_GOLDENS'];
export const WRITES = ASKED === 'write';
export const COMPARES = WRITES || ASKED === 'compare';

/** Widths of a line in the fonts that a page gets here: where they differ, every line breaks elsewhere. */
export const fontsOf = (page: Page): Promise<number[]> =>
  page.evaluate<number[]>(`(() => {
    const pen = document.createElement('canvas').getContext('2d');
    return ['system-ui', 'monospace'].map((family) => {
      pen.font = '16px ' + family;
      return Math.round(pen.measureText('Sphinx of black quartz, judge my vow 0123456789').width);
    });
  })()`);

/** Whether the goldens were made with these fonts, so that pictures can be compared with them. */
export function areOurFonts(fonts: number[]): boolean {
  return (
    existsSync(MADE_WITH) &&
    JSON.stringify(JSON.parse(readFileSync(MADE_WITH, 'utf8'))) === JSON.stringify(fonts)
  );
}

/** Keeps pictures (PNG, by name) as the goldens. */
export async function keepGoldens(pictures: Map<string, Buffer>, fonts: number[]): Promise<void> {
  mkdirSync(GOLDENS, { recursive: true });
  writeFileSync(MADE_WITH, `[${fonts.join(', ')}]\n`);
  for (const [name, png] of pictures)
    writeFileSync(join(GOLDENS, `${name}.webp`), await (await small(png)).webp({ quality: 75 }).toBuffer());
}

/**
 * Compares pictures with the goldens: a line for each that differs, with the share of its pixels that do. Those are kept
 * in `out/screens-that-differ/`, as they are now and beside the golden.
 */
export async function differences(pictures: Map<string, Buffer>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, png] of pictures) {
    const path = join(GOLDENS, `${name}.webp`);
    if (!existsSync(path)) {
      found.push(`${name}: there is no golden`);
      continue;
    }
    const share = await shareThatDiffers(png, readFileSync(path));
    if (share <= SHARE) continue;
    found.push(`${name}: ${(100 * share).toFixed(1)} % differs`);
    mkdirSync(DIFFERENT, { recursive: true });
    writeFileSync(join(DIFFERENT, `${name}.png`), png);
    writeFileSync(join(DIFFERENT, `${name}-golden.png`), await sharp(path).png().toBuffer());
  }
  return found;
}

/**
 * The share of pixels that differ between a picture and a golden; 1 where the sizes differ. A pixel differs if it is
 * darker or lighter than all nine around its place in the other picture, so that what moved by a pixel or two, as
 * letters do from one build of a browser to the next, does not count.
 */
export async function shareThatDiffers(png: Buffer, golden: Buffer): Promise<number> {
  const [now, then] = await Promise.all(
    [await small(png), sharp(golden)].map((one) =>
      one.greyscale().raw().toBuffer({ resolveWithObject: true }),
    ),
  );
  const { width, height } = now!.info;
  if (then!.info.width !== width || then!.info.height !== height) return 1;
  let count = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const apart = Math.max(
        outside(now!.data, then!.data, width, height, x, y),
        outside(then!.data, now!.data, width, height, x, y),
      );
      if (apart > LEVELS) count++;
    }
  return count / (width * height);
}

/** By how much a pixel lies outside the range of the nine around its place in another picture. */
function outside(own: Buffer, other: Buffer, width: number, height: number, x: number, y: number): number {
  const level = own[y * width + x]!;
  let [least, most] = [255, 0];
  for (let dy = Math.max(0, y - 1); dy <= Math.min(height - 1, y + 1); dy++)
    for (let dx = Math.max(0, x - 1); dx <= Math.min(width - 1, x + 1); dx++) {
      const near = other[dy * width + dx]!;
      least = Math.min(least, near);
      most = Math.max(most, near);
    }
  return Math.max(0, level - most, least - level);
}

async function small(png: Buffer): Promise<Sharp> {
  const { width } = await sharp(png).metadata();
  return sharp(png)
    .removeAlpha()
    .resize(Math.round(width / SCALE), null, { kernel: 'cubic' });
}

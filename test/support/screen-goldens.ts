import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Goldens that differ are written anew, and those of no screen removed, where this is asked for. */
export const WRITES = process.env['ASSAY_SCREEN_GOLDENS'] === 'write';

/** What pictures depend on beside what is drawn. */
interface Drawing {
  /** `Chromium 156 built on Debian GNU/Linux 12 (bookworm)`: fixes of a version draw alike. */
  browser: string;
  /** Widths of a line in the fonts that a page gets: where they differ, every line breaks elsewhere. */
  fonts: number[];
}

/** What draws the pictures of a page here. */
export async function drawingOf(page: Page, chromium: string): Promise<Drawing> {
  const version = execFileSync(chromium, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const fonts = await page.evaluate<number[]>(`(() => {
    const pen = document.createElement('canvas').getContext('2d');
    return ['system-ui', 'monospace'].map((family) => {
      pen.font = '16px ' + family;
      return Math.round(pen.measureText('Sphinx of black quartz, judge my vow 0123456789').width);
    });
  })()`);
  return { browser: version.trim().replace(/(\d+)[.\d]+/, '$1'), fonts };
}

/** Goldens are compared where this is asked for: some pictures still depend on how busy the machine is. */
const COMPARES = process.env['ASSAY_SCREEN_GOLDENS'] === 'compare';

/** Whether anything is done with pictures: taking them is half of the time that the screens take. */
export const TAKES_PICTURES = WRITES || COMPARES;

/** Why pictures drawn so are not compared with the goldens; null where they are. */
export function whyNot({ browser, fonts }: Drawing): string | null {
  if (!COMPARES) return 'pictures are compared with ASSAY_SCREEN_GOLDENS=compare';
  const made = JSON.parse(readFileSync(MADE_WITH, 'utf8')) as Drawing;
  if (made.browser !== browser) return `the goldens were made with ${made.browser}, this is ${browser}`;
  return String(made.fonts) === String(fonts) ? null : 'the goldens were made with other fonts';
}

/** Makes pictures (JPEG or PNG, by name) the goldens, where they differ from them, and removes goldens without a picture. */
export async function keepGoldens(pictures: Map<string, Buffer>, drawing: Drawing): Promise<void> {
  writeFileSync(MADE_WITH, `${JSON.stringify(drawing, null, 2)}\n`);
  for (const { name } of await differences(pictures)) {
    const picture = pictures.get(name);
    if (picture) writeFileSync(pathOf(name), await (await small(picture)).webp({ quality: 75 }).toBuffer());
    else rmSync(pathOf(name));
  }
}

/**
 * Compares pictures with the goldens, and says how each that differs does. Those are kept in `out/screens-that-differ/`,
 * as they are now and beside the golden.
 */
export async function differences(pictures: Map<string, Buffer>): Promise<{ name: string; how: string }[]> {
  const found: { name: string; how: string }[] = [];
  rmSync(DIFFERENT, { recursive: true, force: true });
  for (const name of goldens()) if (!pictures.has(name)) found.push({ name, how: 'no screen looks like it' });
  for (const [name, picture] of pictures) {
    const path = pathOf(name);
    const golden = existsSync(path) ? readFileSync(path) : null;
    const share = golden && (await shareThatDiffers(picture, golden));
    if (share !== null && share <= SHARE) continue;
    found.push({
      name,
      how: share === null ? 'there is no golden' : `${(100 * share).toFixed(1)} % differs`,
    });
    mkdirSync(DIFFERENT, { recursive: true });
    writeFileSync(join(DIFFERENT, `${name}.jpg`), picture);
    if (golden) writeFileSync(join(DIFFERENT, `${name}-golden.png`), await sharp(golden).png().toBuffer());
  }
  return found;
}

const pathOf = (name: string): string => join(GOLDENS, `${name}.webp`);

const goldens = (): string[] =>
  readdirSync(GOLDENS).flatMap((file) => (file.endsWith('.webp') ? [file.slice(0, -'.webp'.length)] : []));

/**
 * The share of pixels that differ between a picture and a golden; 1 where the sizes differ. A pixel differs if it is
 * darker or lighter than all nine around its place in the other picture, so that what moved by a pixel or two, as
 * letters do from one build of a browser to the next, does not count.
 */
export async function shareThatDiffers(picture: Buffer, golden: Buffer): Promise<number> {
  const [now, then] = await Promise.all(
    [await small(picture), sharp(golden)].map((one) =>
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

async function small(picture: Buffer): Promise<Sharp> {
  const { width } = await sharp(picture).metadata();
  return sharp(picture)
    .removeAlpha()
    .resize(Math.round(width / SCALE), null, { kernel: 'cubic' });
}

import sharp from 'sharp';
import { expect, test } from 'vitest';
import { SHARE, shareThatDiffers } from './screen-goldens.ts';

type Rectangle = [x: number, y: number, width: number, height: number, grey: number];
const [WIDTH, HEIGHT] = [1440, 900];

function screen(rectangles: Rectangle[]): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3, 242);
  for (const [left, top, width, height, grey] of rectangles)
    for (let y = top; y < top + height; y++)
      pixels.fill(grey, (y * WIDTH + left) * 3, (y * WIDTH + left + width) * 3);
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
}

const card = (x: number, y: number, lines: number): Rectangle[] => [
  [x, y, 420, 260, 187],
  [x + 1, y + 1, 418, 258, 255],
  ...Array.from({ length: lines }, (_, i): Rectangle => [x + 16, y + 20 + 24 * i, 280, 9, 51]),
];
const asGolden = async (rectangles: Rectangle[]): Promise<Buffer> =>
  sharp(await screen(rectangles))
    .removeAlpha()
    .resize(360)
    .webp({ quality: 75 })
    .toBuffer();

test.each<[string, Rectangle[], boolean]>([
  ['the same', card(100, 100, 8), true],
  ['a pixel further down', card(100, 101, 8), true],
  ['a figure of a line longer', [...card(100, 100, 8), [396, 140, 8, 9, 51]], true],
  ['moved by 24 pixels', card(100, 124, 8), false],
  ['one card more', [...card(100, 100, 8), ...card(700, 100, 8)], false],
  ['emptied', card(100, 100, 0), false],
])('a screen that is %s', async (_, rectangles, passes) => {
  const share = await shareThatDiffers(await screen(rectangles), await asGolden(card(100, 100, 8)));
  expect(share <= SHARE, `${share}`).toBe(passes);
});

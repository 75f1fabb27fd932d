import sharp from 'sharp';
import { expect, test } from 'vitest';
import { SHARE, shareThatDiffers } from './screen-goldens.ts';

const screen = (svg: string): Promise<Buffer> =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1440" height="900">
    <rect width="1440" height="900" fill="#f2f2f2"/>${svg}</svg>`),
  )
    .png()
    .toBuffer();
const card = (x: number, y: number, lines: number) =>
  `<rect x="${x}" y="${y}" width="420" height="260" fill="#fff" stroke="#bbb"/>` +
  Array.from(
    { length: lines },
    (_, i) => `<rect x="${x + 16}" y="${y + 20 + 24 * i}" width="280" height="9" fill="#333"/>`,
  ).join('');
const asGolden = async (svg: string): Promise<Buffer> =>
  sharp(await screen(svg))
    .removeAlpha()
    .resize(360)
    .webp({ quality: 75 })
    .toBuffer();

test.each<[string, string, boolean]>([
  ['the same', card(100, 100, 8), true],
  ['a pixel further down', card(100, 101, 8), true],
  [
    'a figure of a line longer',
    `${card(100, 100, 8)}<rect x="396" y="140" width="8" height="9" fill="#333"/>`,
    true,
  ],
  ['moved by 24 pixels', card(100, 124, 8), false],
  ['one card more', card(100, 100, 8) + card(700, 100, 8), false],
  ['emptied', card(100, 100, 0), false],
])('a screen that is %s', async (_, svg, passes) => {
  const share = await shareThatDiffers(await screen(svg), await asGolden(card(100, 100, 8)));
  expect(share <= SHARE, `${share}`).toBe(passes);
});

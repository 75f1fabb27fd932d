import { expect, test } from 'vitest';
import { encodeImage } from './encode.ts';
import sharp from './sharp.ts';

const WIDTH = 24;
const HEIGHT = 16;
const gradient = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 7) % 256);

test('a PNG gives back the very pixels and the text', async () => {
  const png = await encodeImage(gradient, WIDTH, HEIGHT, 'png', {
    text: { parameters: 'a ring\nSteps: 20, Seed: 4294967295', Title: 'bench' },
  });
  const { data, info } = await sharp(png, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([WIDTH, HEIGHT, 3]);
  expect(Buffer.compare(data, Buffer.from(gradient))).toBe(0);
  const { comments } = await sharp(png).metadata();
  expect(comments?.map(({ keyword, text }) => [keyword, text])).toEqual([
    ['parameters', 'a ring\nSteps: 20, Seed: 4294967295'],
    ['Title', 'bench'],
  ]);
});

test('text is Latin-1, as the PNG specification has it', async () => {
  const png = await encodeImage(gradient, WIDTH, HEIGHT, 'png', { text: { Title: 'Zürich' } });
  expect(png.includes(Buffer.from('tEXtTitle\0Zürich', 'latin1'))).toBe(true);
});

test.each(['jpeg', 'png', 'webp'] as const)('%s bytes do not change between runs', async (format) => {
  const first = await encodeImage(gradient, WIDTH, HEIGHT, format);
  const second = await encodeImage(gradient, WIDTH, HEIGHT, format);
  expect(first.equals(second)).toBe(true);
  expect((await sharp(first).metadata()).format).toBe(format);
});

test('a JPEG carries the EXIF tags and heeds the quality', async () => {
  const exif = { Make: 'Assay Optics' };
  const fine = await encodeImage(gradient, WIDTH, HEIGHT, 'jpeg', { quality: 95, exif });
  const coarse = await encodeImage(gradient, WIDTH, HEIGHT, 'jpeg', { quality: 40, exif });
  expect((await sharp(fine).metadata()).exif?.includes('Assay Optics')).toBe(true);
  expect(fine.length).toBeGreaterThan(coarse.length);
});

test.each([
  ['pixels of another size', gradient.subarray(3), 'png', {}],
  ['text in a JPEG', gradient, 'jpeg', { text: { parameters: 'a ring' } }],
  ['text beyond Latin-1', gradient, 'png', { text: { parameters: 'ring ✓' } }],
  ['text with a NUL', gradient, 'png', { text: { parameters: 'a\0b' } }],
  ['an empty keyword', gradient, 'png', { text: { '': 'a' } }],
  ['a keyword with an outer space', gradient, 'png', { text: { ' parameters': 'a' } }],
  ['a keyword of 80 characters', gradient, 'png', { text: { ['k'.repeat(80)]: 'a' } }],
] as const)('%s is refused', async (_, rgb, format, options) => {
  await expect(encodeImage(rgb, WIDTH, HEIGHT, format, options)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

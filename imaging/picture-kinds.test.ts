import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jpegSegments } from './containers.ts';
import sharp from './sharp.ts';
import { patternRgb, png, pngChunk, pngOf } from './testing/build.ts';
import { decodeGood, useFolder } from './testing/decode.ts';

useFolder();

const PATCH = 16;
const COLOURS = { white: [255, 255, 255], black: [0, 0, 0], red: [255, 0, 0], blue: [0, 0, 255] };
const names = Object.keys(COLOURS) as (keyof typeof COLOURS)[];

/** Patches of the colours side by side. */
function patches() {
  const width = PATCH * names.length;
  const rgb = Buffer.alloc(width * PATCH * 3);
  for (let i = 0; i < width * PATCH; i++) rgb.set(COLOURS[names[Math.floor((i % width) / PATCH)]!], i * 3);
  return sharp(rgb, { raw: { width, height: PATCH, channels: 3 } });
}

/** The colour in the middle of each patch. */
async function coloursOf(bytes: Buffer): Promise<Record<string, number[]>> {
  const geometry = { width: names.length, height: 1, fit: 'squash', kernel: 'area' } as const;
  const { tensor } = await decodeGood(bytes, { geometry });
  return Object.fromEntries(names.map((name, i) => [name, [...tensor!.subarray(i * 3, i * 3 + 3)]]));
}

describe('CMYK', () => {
  it('is read as the colours that it shows, with and without the marker that Adobe writes', async () => {
    const cmyk = await patches().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const adobe = [...jpegSegments(cmyk)].find(({ type }) => type === 'ee')!;
    const at = cmyk.indexOf(adobe.data) - 4;
    const bare = Buffer.concat([cmyk.subarray(0, at), cmyk.subarray(at + 4 + adobe.data.length)]);
    expect([...jpegSegments(bare)].some(({ type }) => type === 'ee')).toBe(false);
    for (const file of [cmyk, bare]) {
      const { white, black, red, blue } = await coloursOf(file);
      expect(Math.min(...white!)).toBeGreaterThan(240);
      expect(Math.max(...black!)).toBeLessThan(60);
      expect(red![0]! - Math.max(red![1]!, red![2]!)).toBeGreaterThan(100);
      expect(blue![2]! - Math.max(blue![0]!, blue![1]!)).toBeGreaterThan(50);
    }
  });
});

describe('PNG', () => {
  it.each([
    [0, 1],
    [2, 3],
    [4, 2],
    [6, 4],
  ])('of 16 bits and colour type %i keeps the upper eight', async (colourType, channels) => {
    const samples = [0x0000, 0x0180, 0x7fff, 0x80ff, 0xfe01, 0xffff];
    const row = Buffer.alloc(1 + samples.length * channels * 2, 0xff);
    row[0] = 0;
    const colours = channels > 2 ? 3 : 1;
    samples.forEach((sample, x) => {
      for (let c = 0; c < colours; c++) row.writeUInt16BE(sample, 1 + (x * channels + c) * 2);
    });
    const file = pngOf(samples.length, 1, colourType, deflateSync(row), [], [], 16);
    const geometry = { width: samples.length, height: 1, fit: 'squash', kernel: 'area' } as const;
    const { tensor } = await decodeGood(file, { geometry });
    expect([...tensor!]).toEqual(samples.flatMap((sample) => Array.from({ length: 3 }, () => sample >> 8)));
  });

  it.each([
    ['text after its end', (whole: Buffer) => Buffer.concat([whole, Buffer.from('trailing text')])],
    ['zeros after its end', (whole: Buffer) => Buffer.concat([whole, Buffer.alloc(4096)])],
    ['another after its end', (whole: Buffer) => Buffer.concat([whole, png({ width: 3, height: 3 })])],
    ['no end chunk', (whole: Buffer) => whole.subarray(0, -12)],
    ['half an end chunk', (whole: Buffer) => whole.subarray(0, -5)],
    [
      'a broken colour profile',
      (whole: Buffer) =>
        Buffer.concat([
          whole.subarray(0, 33),
          pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync('no profile')])),
          whole.subarray(33),
        ]),
    ],
  ])('with %s is read', async (_what, change) => {
    const whole = png({ width: 40, height: 24, pixels: patternRgb(40, 24) });
    const { pixelSha256 } = await decodeGood(whole);
    expect(await decodeGood(change(whole))).toMatchObject({ pixelSha256, width: 40, height: 24 });
  });
});

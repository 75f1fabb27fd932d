import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jpegSegments } from './containers.ts';
import { readOrientation } from './header.ts';
import sharp from './sharp.ts';
import { bmp, type BmpOptions, greyPage, patternRgb, png, pngChunk, pngOf, tiff } from './testing/build.ts';
import { codeOf, decodeBytes, decodeGood, useFolder } from './testing/decode.ts';

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

/** A picture with one red corner, top left, by rows. */
function cornered(width: number, height: number) {
  const rgb = Buffer.alloc(width * height * 3, 40);
  for (let i = 0; i < width * height; i++)
    if (i % width < width / 2 && i < (width * height) / 2) rgb.set(COLOURS.red, i * 3);
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** The grey levels of a picture of one row. */
async function greysOf(bytes: Buffer, width: number): Promise<number[]> {
  const { tensor } = await decodeGood(bytes, {
    geometry: { width, height: 1, fit: 'squash', kernel: 'area' },
  });
  return [...tensor!].filter((_, i) => i % 3 === 0);
}

describe('TIFF', () => {
  it.each([
    ['uncompressed', { compression: 'none' }],
    ['packed', { compression: 'packbits' }],
    ['LZW with a predictor', { compression: 'lzw', predictor: 'horizontal' }],
    ['deflated', { compression: 'deflate' }],
    ['tiled', { compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }],
    ['a BigTIFF', { compression: 'none', bigtiff: true }],
  ] as const)('%s is read like the PNG of its pixels', async (_what, options) => {
    const picture = sharp(patternRgb(40, 24), { raw: { width: 40, height: 24, channels: 3 } });
    const file = await picture.tiff(options).toBuffer();
    const { pixelSha256 } = await decodeGood(png({ width: 40, height: 24, pixels: patternRgb(40, 24) }));
    expect(await decodeGood(file)).toMatchObject({
      format: 'tiff',
      pixelSha256,
      width: 40,
      height: 24,
      pages: 1,
    });
  });

  it('of 16 bits is scaled by its range, which is that of 12 bits where no sample exceeds it', async () => {
    const page = (samples: number[], more: Parameters<typeof greyPage>[3] = []) => {
      const pixels = new Uint8Array(new Uint16Array(samples).buffer);
      return tiff([greyPage(samples.length, 1, 16, more)], pixels);
    };
    expect(await greysOf(page([0, 4095, 0x80ff, 0xffff]), 4)).toEqual([0, 15, 128, 255]);
    expect(await greysOf(page([0, 16, 2048, 4095]), 4)).toEqual([0, 1, 128, 255]);
    const isWhiteZero: Parameters<typeof greyPage>[3] = [[262, 3, 0]];
    expect(await greysOf(page([0, 0xffff, 0x80ff], isWhiteZero), 3)).toEqual([255, 0, 127]);
  });

  it('of several pages is its first one, and says how many there are', async () => {
    const pages = [greyPage(2, 1, 8), greyPage(1, 1, 8, [[254, 4, 1]]), greyPage(1, 1, 8)];
    const file = tiff(pages, Uint8Array.of(7, 200));
    expect(await greysOf(file, 2)).toEqual([7, 200]);
    // The second is a reduced copy of the first.
    expect((await decodeGood(file)).pages).toBe(2);
  });

  it.each([
    [
      'a TIFF of signed or floating-point numbers',
      [
        [258, 3, 32],
        [339, 3, 3],
      ],
    ],
    ['a TIFF of 32 bits a sample', [[258, 3, 32]]],
    ['a TIFF of 12 channels', [[277, 3, 12]]],
    ['a camera raw file', [[50706, 1, 4]]],
    ['a camera raw file', [[262, 3, 32803]]],
    [
      'a camera raw file',
      [
        [254, 4, 1],
        [330, 4, 8],
      ],
    ],
  ] as const)('that is %s is refused by that name', async (what, tags) => {
    const more = tags.map(([tag, type, value]): [number, 1 | 3 | 4, number] => [tag, type, value]);
    expect(await decodeBytes(tiff([greyPage(2, 1, 8, more)], new Uint8Array(32)))).toMatchObject({
      code: 'FORMAT_NOT_ALLOWED',
      detail: expect.stringContaining(`the content is ${what}, which is not read`),
    });
  });
});

describe('GIF', () => {
  it('is its first frame, on white where that is clear', async () => {
    const frames = Buffer.alloc(8 * 16 * 4, 255);
    frames.fill(0, 0, 8 * 4 * 4);
    frames.fill(9, 8 * 8 * 4);
    const file = await sharp(frames, { raw: { width: 8, height: 16, channels: 4, pageHeight: 8 } })
      .gif({ loop: 0 })
      .toBuffer();
    const image = await decodeGood(file);
    expect(image).toMatchObject({ format: 'gif', width: 8, height: 8, pages: 2 });
    expect(new Set(image.signature)).toEqual(new Set([255]));
  });
});

describe('AVIF', () => {
  it('is read exactly where it is lossless', async () => {
    const picture = sharp(patternRgb(40, 24), { raw: { width: 40, height: 24, channels: 3 } });
    const file = await picture.avif({ lossless: true, effort: 0 }).toBuffer();
    const { pixelSha256 } = await decodeGood(png({ width: 40, height: 24, pixels: patternRgb(40, 24) }));
    expect(await decodeGood(file)).toMatchObject({ format: 'avif', pixelSha256, pages: 1 });
  });

  it('is turned and mirrored as it says, and states the same in its header', async () => {
    const file = await cornered(16, 8).avif({ lossless: true, effort: 0 }).toBuffer();
    for (const [box, orientation] of [
      [turn(1), 8],
      [turn(2), 3],
      [turn(3), 6],
      [mirror(0), 4],
      [mirror(1), 2],
    ] as const) {
      const turned = withProperty(file, box);
      const upright = await decodeGood(turned);
      expect(readOrientation(turned, 'avif')).toBe(orientation);
      expect(upright).toMatchObject({ orientation, width: orientation >= 5 ? 8 : 16 });
      const jpeg = await cornered(16, 8).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
      expect(redQuarters(upright.signature)).toEqual(redQuarters((await decodeGood(jpeg)).signature));
    }
  });
});

/** Red, green and blue over white, black and a grey: what every case below shows, from the top. */
const SIX = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
  [99, 99, 99],
];
const rows = (...values: number[][]): Uint8Array =>
  Uint8Array.from(values.flatMap((row) => [...row, ...Array<number>((4 - (row.length % 4)) % 4).fill(0)]));
const bgr = (colours: number[][], ...more: number[]): number[] =>
  colours.flatMap(([r, g, b]) => [b!, g!, r!, ...more]);
const words = (...values: number[]): number[] => values.flatMap((value) => [value & 255, value >> 8]);

/** Pillow 12.3 reads the same pixels, apart from fields of another order, which it refuses. */
const BMPS: Record<string, Omit<BmpOptions, 'width' | 'height'> & { height?: number }> = {
  '24 bits': { bits: 24, data: rows(bgr(SIX.slice(3)), bgr(SIX.slice(0, 3))) },
  '24 bits from the top': { bits: 24, height: -2, data: rows(bgr(SIX.slice(0, 3)), bgr(SIX.slice(3))) },
  '24 bits under the oldest header': {
    bits: 24,
    headerSize: 12,
    data: rows(bgr(SIX.slice(3)), bgr(SIX.slice(0, 3))),
  },
  '32 bits': { bits: 32, data: rows(bgr(SIX.slice(3), 0), bgr(SIX.slice(0, 3), 0)) },
  '32 bits with an alpha that is zero everywhere': {
    bits: 32,
    headerSize: 124,
    compression: 3,
    masks: [0xff0000, 0xff00, 0xff, 0xff000000],
    data: rows(bgr(SIX.slice(3), 0), bgr(SIX.slice(0, 3), 0)),
  },
  '32 bits in fields of another order': {
    bits: 32,
    compression: 3,
    masks: [0xff, 0xff00, 0xff0000],
    data: rows(
      SIX.slice(3).flatMap((rgb) => [...rgb, 0]),
      SIX.slice(0, 3).flatMap((rgb) => [...rgb, 0]),
    ),
  },
  '16 bits': { bits: 16, data: rows(words(0x7fff, 0, 0x318c), words(0x7c00, 0x03e0, 0x001f)) },
  '16 bits in fields': {
    bits: 16,
    compression: 3,
    masks: [0xf800, 0x07e0, 0x001f],
    data: rows(words(0xffff, 0, 0x630c), words(0xf800, 0x07e0, 0x001f)),
  },
  '8 bits': { bits: 8, palette: SIX, data: rows([3, 4, 5], [0, 1, 2]) },
  '8 bits in runs': {
    bits: 8,
    palette: SIX,
    compression: 1,
    // A run, an end of row, three numbers as they are with one to fill up, the end.
    data: Uint8Array.of(1, 3, 1, 4, 1, 5, 0, 0, 0, 3, 0, 1, 2, 0, 0, 1),
  },
  '4 bits': { bits: 4, palette: SIX, data: rows([0x34, 0x50], [0x01, 0x20]) },
  '4 bits in runs': {
    bits: 4,
    palette: SIX,
    compression: 2,
    data: Uint8Array.of(2, 0x34, 1, 0x50, 0, 0, 0, 4, 0x01, 0x20, 0, 1),
  },
};

describe('BMP', () => {
  it.each(Object.entries(BMPS))('of %s is read exactly', async (name, options) => {
    const file = bmp({ width: 3, height: 2, ...options });
    const geometry = { width: 3, height: 2, fit: 'squash', kernel: 'area' } as const;
    const { tensor, format } = await decodeGood(file, { geometry });
    expect(format).toBe('bmp');
    // The grey of five bits, with six for green in fields.
    const grey = name === '16 bits' ? [98, 98, 98] : name === '16 bits in fields' ? [98, 97, 98] : SIX[5]!;
    const expected = [...SIX.slice(0, 5), grey].flat();
    expect([...tensor!]).toEqual(expected);
  });

  it('of 1 bit has the colours of its palette, and black where it has none', async () => {
    const file = bmp({ width: 3, height: 1, bits: 1, palette: [[9, 8, 7]], data: rows([0b01000000]) });
    const { tensor } = await decodeGood(file, {
      geometry: { width: 3, height: 1, fit: 'squash', kernel: 'area' },
    });
    expect([...tensor!]).toEqual([9, 8, 7, 0, 0, 0, 9, 8, 7]);
  });

  it('with an alpha is flattened on white', async () => {
    const file = bmp({
      width: 2,
      height: 1,
      bits: 32,
      headerSize: 108,
      compression: 3,
      masks: [0xff0000, 0xff00, 0xff, 0xff000000],
      data: Uint8Array.of(0, 0, 0, 51, 1, 2, 3, 255),
    });
    const { tensor } = await decodeGood(file, {
      geometry: { width: 2, height: 1, fit: 'squash', kernel: 'area' },
    });
    expect([...tensor!]).toEqual([204, 204, 204, 3, 2, 1]);
  });

  it('that holds something else, or less than it states, is refused', async () => {
    const data = rows([0, 0, 0]);
    const of = (options: Partial<BmpOptions>) =>
      codeOf(decodeBytes(bmp({ width: 3, height: 2, bits: 8, palette: SIX, data, ...options })));
    expect(await of({ compression: 4 })).toBe('FORMAT_NOT_ALLOWED');
    expect(await of({ bits: 7 })).toBe('FORMAT_NOT_ALLOWED');
    expect(await of({ width: 30_000, height: -30_000, bits: 1 })).toBe('TOO_MANY_PIXELS');
    expect(await of({ width: 0x7fff_ffff, height: -0x8000_0000 })).toBe('TOO_MANY_PIXELS');
    for (const size of [{ width: 0 }, { height: 0 }, { width: -3 }, {}])
      expect(await of(size)).toBe('DAMAGED');
    expect(await of({ compression: 1, data: Uint8Array.of(3, 1, 0, 0, 3) })).toBe('DAMAGED');
    // Jumps, and runs far beyond the rows, end with the file.
    expect(await of({ compression: 1, data: Uint8Array.of(0, 2, 255, 255, 255, 1) })).toBe('ok');
    expect(await of({ compression: 1, data: Uint8Array.of(255, 1, 0, 0, 255, 2) })).toBe('ok');
    const whole = bmp({ width: 3, height: 2, bits: 24, data: rows(bgr(SIX.slice(3)), bgr(SIX.slice(0, 3))) });
    expect(await decodeBytes(whole.subarray(0, -4))).toMatchObject({
      code: 'DAMAGED',
      detail: expect.stringContaining('the file is cut off'),
    });
  });
});

const box = (type: string, data: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + data.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
};
const turn = (quarters: number): Buffer => box('irot', Buffer.of(quarters));
const mirror = (axis: number): Buffer => box('imir', Buffer.of(axis));

/** An AVIF of libheif with one more property of its picture. */
function withProperty(avif: Buffer, property: Buffer): Buffer {
  const links = avif.indexOf('ipma') - 4;
  const linksBox = avif.subarray(links, links + avif.readUInt32BE(links));
  const container = avif.indexOf('ipco') - 4;
  const containerEnd = container + avif.readUInt32BE(container);
  let count = 0;
  for (let at = container + 8; at < containerEnd; at += avif.readUInt32BE(at)) count++;
  // One more link, behind the others of the one item.
  const grown = Buffer.concat([linksBox, Buffer.of(0x80 | (count + 1))]);
  grown.writeUInt32BE(grown.length, 0);
  grown[18]! += 1;
  const whole = Buffer.concat([
    avif.subarray(0, containerEnd),
    property,
    avif.subarray(containerEnd, links),
    grown,
    avif.subarray(links + linksBox.length),
  ]);
  const more = property.length + 1;
  whole.writeUInt32BE(whole.readUInt32BE(container) + property.length, container);
  for (const type of ['iprp', 'meta']) {
    const at = whole.indexOf(type) - 4;
    whole.writeUInt32BE(whole.readUInt32BE(at) + more, at);
  }
  const data = avif.indexOf('mdat') + 4;
  for (let at = whole.indexOf('iloc'); at < whole.indexOf('iprp'); at++)
    if (whole.readUInt32BE(at) === data) whole.writeUInt32BE(data + more, at);
  return whole;
}

/** Which quarters of a signature are red, row by row. */
function redQuarters(signature: Uint8Array): boolean[] {
  return [
    [8, 8],
    [24, 8],
    [8, 24],
    [24, 24],
  ].map(([x, y]) => signature[(y! * 32 + x!) * 3]! > 150);
}

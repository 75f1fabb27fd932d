import { describe, expect, it } from 'vitest';
import sharp from './sharp.ts';
import { dicom, type DicomOptions } from './testing/build.ts';
import { codeOf, decodeBytes, decodeGood, photo, useFolder } from './testing/decode.ts';
import type { DecodeFailure } from './types.ts';

useFolder();

type Scan = Partial<DicomOptions> & Pick<DicomOptions, 'pixels'>;
const scan = (options: Scan): Buffer => dicom({ rows: 1, columns: 4, ...options });
const words = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
const CENTRE = 0x00281050;
const WIDTH = 0x00281051;

/** RGB of a scan of four pixels in a row. */
async function rgbOf(options: Scan): Promise<number[]> {
  const geometry = { width: 4, height: 1, fit: 'squash', kernel: 'area' } as const;
  const { tensor, format } = await decodeGood(scan(options), { geometry });
  expect(format).toBe('dicom');
  return [...tensor!];
}

/** Levels of grey of such a scan. */
async function greysOf(options: Scan): Promise<number[]> {
  return (await rgbOf(options)).filter((_, i) => i % 3 === 0);
}

describe('DICOM in grey', () => {
  it('goes from its lowest to its highest value where it has no window', async () => {
    const pixels = words(100, 200, 300, 600);
    expect(await greysOf({ bits: 12, pixels })).toEqual([0, 51, 102, 255]);
    expect(await greysOf({ bits: 12, syntax: '', pixels })).toEqual([0, 51, 102, 255]);
    expect(await greysOf({ bits: 12, photometric: 'MONOCHROME1', pixels })).toEqual([255, 204, 153, 0]);
    expect(await greysOf({ bits: 16, pixels: words(0, 0, 65_535, 13_107) })).toEqual([0, 0, 255, 51]);
    expect(await greysOf({ pixels: Uint8Array.of(7, 7, 7, 7) })).toEqual([128, 128, 128, 128]);
    // What stands for "outside the picture" is no value.
    expect(await greysOf({ bits: 16, pixels: words(9000, 0, 50, 100), words: { 0x00280120: 9000 } })).toEqual(
      [255, 0, 128, 255],
    );
  });

  it('is rescaled, and seen through its first window as PS3.3 C.11.2.1.2.1 has it', async () => {
    // Computed tomography: signed numbers, Hounsfield units with an intercept, two windows.
    const texts = { 0x00281052: '-1024', 0x00281053: '1', [CENTRE]: '40\\600', [WIDTH]: '400\\1600' };
    const pixels = words(1024 + 40 - 200, 1024 + 40, 1024 + 40 + 199, 65_536 - 1000);
    expect(await greysOf({ bits: 16, isSigned: true, texts, pixels })).toEqual([0, 128, 255, 0]);
    const of = (centre: number, width: number, more: Record<number, string> = {}) =>
      greysOf({
        pixels: Uint8Array.of(0, 63, 127, 255),
        texts: { [CENTRE]: String(centre), [WIDTH]: String(width), ...more },
      });
    expect(await of(128, 256)).toEqual([0, 63, 127, 255]);
    expect(await of(64, 1)).toEqual([0, 0, 255, 255]);
    expect(await of(127.5, 255, { 0x00281056: 'LINEAR_EXACT' })).toEqual([0, 63, 127, 255]);
    expect(await of(127, 100, { 0x00281056: 'SIGMOID' })).toEqual([2, 18, 128, 253]);
  });

  it('takes the bits that are stored, wherever they lie, and leaves the others', async () => {
    const pixels = words(0xf000, 0x0010 | 0xf000, 0x0020, 0x0f00);
    const high = { bits: 8, allocated: 16, words: { 0x00280102: 11 } };
    expect(await greysOf({ ...high, pixels, texts: { [CENTRE]: '128', [WIDTH]: '256' } })).toEqual([
      0, 1, 2, 240,
    ]);
  });

  it('of several frames is its first', async () => {
    const file = scan({ pixels: Uint8Array.of(0, 85, 170, 255, 9, 9, 9, 9), texts: { 0x00280008: '2' } });
    expect(await decodeGood(file)).toMatchObject({ pages: 2, width: 4, height: 1 });
  });
});

describe('DICOM in colour', () => {
  it('is read by pixel and by plane, of 8 and of more bits', async () => {
    const rgb = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7];
    const planes = [0, 1, 2].flatMap((c) => rgb.filter((_, i) => i % 3 === c));
    expect(await rgbOf({ samples: 3, pixels: Uint8Array.from(rgb) })).toEqual(rgb);
    const byPlane = { samples: 3, words: { 0x00280006: 1 }, pixels: Uint8Array.from(planes) };
    expect(await rgbOf(byPlane)).toEqual(rgb);
    const wide = words(...rgb.map((value) => value * 16 + (value >> 4)));
    expect(await rgbOf({ samples: 3, bits: 12, pixels: wide })).toEqual(rgb);
  });
});

describe('DICOM that holds a JPEG', () => {
  it('is decoded, in colour as it is and in grey through its window', async () => {
    const [rows, columns] = [24, 40];
    const whole = { syntax: '.4.50', rows, columns };
    const parts = [photo.subarray(0, 200), photo.subarray(200, photo.length)];
    const colour = dicom({ ...whole, samples: 3, photometric: 'YBR_FULL_422', pixels: parts });
    expect((await decodeGood(colour)).pixelSha256).toBe((await decodeGood(photo)).pixelSha256);
    const grey = await sharp(photo).toColourspace('b-w').jpeg().toBuffer();
    const texts = { [CENTRE]: '128', [WIDTH]: '256' };
    const scanned = await decodeGood(dicom({ ...whole, texts, pixels: [grey] }));
    expect(scanned.pixelSha256).toBe((await decodeGood(grey)).pixelSha256);
    expect(scanned.stats.singleChannel).toBe(true);
    const other = dicom({ ...whole, rows: 23, pixels: [grey] });
    expect(await codeOf(decodeBytes(other))).toBe('DAMAGED');
  });
});

describe('DICOM that is not read', () => {
  const pixels = Uint8Array.of(0, 85, 170, 255);
  it.each<[what: string, how: string, options: Scan]>([
    [
      'compressed as JPEG 2000 (transfer syntax 1.2.840.10008.1.2.4.90)',
      'gdcmconv --raw',
      { syntax: '.4.90', pixels },
    ],
    [
      'compressed as lossless JPEG (transfer syntax 1.2.840.10008.1.2.4.70)',
      'gdcmconv',
      { syntax: '.4.70', pixels },
    ],
    ['compressed by run lengths (transfer syntax 1.2.840.10008.1.2.5)', 'gdcmconv', { syntax: '.5', pixels }],
    ['deflated (transfer syntax 1.2.840.10008.1.2.1.99)', 'gdcmconv', { syntax: '.1.99', pixels }],
    ['of an unknown transfer syntax', 'gdcmconv', { syntax: '.DoeJane', pixels }],
    ['of PALETTE COLOR colours', 'dcmj2pnm', { photometric: 'PALETTE COLOR', pixels }],
    ['of other colours', 'dcmj2pnm', { photometric: 'DOE^JANE', pixels }],
    ['of 32 bits in 32', 'dcmj2pnm', { bits: 32, allocated: 32, pixels }],
    ['without a picture', 'leave it out', { rows: 0, pixels }],
    ['that states burned-in annotations (0028,0301)', 'Blank them', { texts: { 0x00280301: 'YES' }, pixels }],
  ])('%s is refused by that, with the remedy, and names nobody', async (what, how, options) => {
    const { code, detail } = (await decodeBytes(scan(options))) as DecodeFailure;
    expect([
      code,
      detail.startsWith(`"case": the content is a DICOM file ${what}, which is not read: `),
    ]).toEqual(['FORMAT_NOT_ALLOWED', true]);
    expect(detail).toContain(how);
    expect(detail).not.toMatch(/doe|jane|4711/i);
  });

  it('is refused where it is cut off, too large or hostile, and names nobody', async () => {
    const whole = scan({ bits: 12, pixels: words(1, 2, 3, 4) });
    const cuts = Array.from({ length: whole.length - 133 }, (_, i) => whole.subarray(0, 132 + i));
    const large = scan({ rows: 60_000, columns: 60_000, pixels });
    const many = scan({ texts: { 0x00280008: '9'.repeat(12) }, pixels: pixels.subarray(0, 2) });
    const capsule = dicom({ rows: 1, columns: 4, syntax: '.4.50', pixels: [Uint8Array.of(0xff, 0xd8)] });
    const empty = dicom({ rows: 1, columns: 4, syntax: '.4.50', pixels: [] });
    for (const file of [...cuts, large, many, capsule, empty]) {
      const outcome = (await decodeBytes(file)) as DecodeFailure;
      expect(['DAMAGED', 'FORMAT_NOT_ALLOWED', 'TOO_MANY_PIXELS']).toContain(outcome.code);
      expect(outcome.detail).not.toMatch(/doe|jane|4711/i);
    }
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import sharp from './sharp.ts';
import { patternRgb, withSegments } from './testing/build.ts';
import { decodeBytes, decodeGood, useFolder } from './testing/decode.ts';

useFolder();

const [WIDTH, HEIGHT] = [61, 47];
const picture = () =>
  sharp(patternRgb(WIDTH, HEIGHT), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const JPEGS = {
  baseline: await picture().jpeg({ quality: 90, progressive: false }).toBuffer(),
  progressive: await picture().jpeg({ quality: 90, progressive: true }).toBuffer(),
  'full-colour': await picture().jpeg({ chromaSubsampling: '4:4:4', progressive: false }).toBuffer(),
  grey: await picture().toColourspace('b-w').jpeg({ progressive: false }).toBuffer(),
};
const kinds = Object.entries(JPEGS);

const EOI = Buffer.from([0xff, 0xd9]);
const cutOff = { ok: false, code: 'DAMAGED', detail: expect.stringContaining('the file is cut off') };
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Offsets of a marker; none occurs by chance, since entropy-coded data stuff every 0xff. */
function markers(jpeg: Buffer, marker: number): number[] {
  return [...jpeg.keys()].filter((at) => jpeg[at] === 0xff && jpeg[at + 1] === marker);
}

describe.each(kinds)('a %s JPEG', (_kind, jpeg) => {
  const body = jpeg.subarray(0, -2);

  it.each([
    ['without its last two bytes', body],
    ['without its last byte', jpeg.subarray(0, -1)],
    ['with zeros for its end marker', Buffer.concat([body, Buffer.alloc(64)])],
    ['with zeros before its end marker', Buffer.concat([body, Buffer.alloc(5), EOI])],
    ['with fill bytes before its end marker', Buffer.concat([body, Buffer.alloc(3, 0xff), EOI])],
    ['with text after its end', Buffer.concat([jpeg, Buffer.from('trailing text')])],
    ['with zeros after its end', Buffer.concat([jpeg, Buffer.alloc(1000)])],
    ['with half another after its end', Buffer.concat([jpeg, jpeg.subarray(0, 200)])],
  ])('%s has all its pixels, and its own sha256', async (_what, bytes) => {
    const whole = await decodeGood(jpeg);
    const found = await decodeGood(bytes);
    expect(found.pixelSha256).toBe(whole.pixelSha256);
    expect(found.stats).toEqual(whole.stats);
    expect(found).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length });
  });

  it.each([3, 4, 10, 100, jpeg.length >> 1])('is refused without its last %i bytes', async (count) => {
    const cut = jpeg.subarray(0, -count);
    expect(await decodeBytes(cut)).toMatchObject(cutOff);
    expect(await decodeBytes(Buffer.concat([cut, Buffer.alloc(4096)]))).toMatchObject(cutOff);
  });
});

describe('a JPEG in several scans', () => {
  it('is refused where scans are missing, though each that is there is whole', async () => {
    const jpeg = JPEGS.progressive;
    const scans = markers(jpeg, 0xda);
    expect(scans.length).toBeGreaterThan(5);
    for (const at of [...scans.slice(1), ...markers(jpeg, 0xc4).slice(1)])
      expect(await decodeBytes(jpeg.subarray(0, at))).toMatchObject(cutOff);
  });

  /** A picture whose data end with zeros: the code of a block like the one before it, which is the most common here. */
  async function plainAtTheEnd(): Promise<Buffer> {
    for (let width = 8; width < 128; width++) {
      const rgb = Buffer.alloc(256 * 256 * 3, 255);
      const pattern = patternRgb(width, 32);
      for (let y = 0; y < 32; y++) rgb.set(pattern.subarray(y * width * 3, (y + 1) * width * 3), y * 768);
      const jpeg = await sharp(rgb, { raw: { width: 256, height: 256, channels: 3 } })
        .jpeg({ progressive: false, optimiseCoding: true })
        .toBuffer();
      if (jpeg.subarray(-6, -2).every((byte) => byte === 0)) return jpeg;
    }
    throw new Error('no such picture was made');
  }

  /** The first made picture whose data end with a zero after a byte that `accept` takes. */
  async function endingInZero(accept: (byte: number) => boolean): Promise<Buffer> {
    for (let width = 1; width <= 64; width++) {
      for (const height of [8, 16, 24, 32]) {
        for (const quality of [100, 90, 70]) {
          const jpeg = await sharp(patternRgb(width, height), { raw: { width, height, channels: 3 } })
            .jpeg({ quality, chromaSubsampling: '4:4:4', progressive: false })
            .toBuffer();
          if (jpeg.at(-3) === 0 && accept(jpeg.at(-4)!)) return jpeg;
        }
      }
    }
    throw new Error('no such picture was made');
  }

  // 0xff 0x00 ends the data of a scan as often as any byte does: the zero belongs to the picture.
  it('has its end restored where the last byte of the picture is a stuffed one', async () => {
    const jpeg = await endingInZero((byte) => byte === 0xff);
    const { pixelSha256 } = await decodeGood(jpeg);
    for (const zeros of [0, 1, 50]) {
      const bytes = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(zeros)]);
      expect((await decodeGood(bytes)).pixelSha256).toBe(pixelSha256);
    }
  });

  it('has its end restored where the data of a plain corner are zeros', async () => {
    const jpeg = await plainAtTheEnd();
    expect([...jpeg.subarray(-6, -2)]).toEqual([0, 0, 0, 0]);
    const { pixelSha256 } = await decodeGood(jpeg);
    expect((await decodeGood(jpeg.subarray(0, -2))).pixelSha256).toBe(pixelSha256);
    // Filled up with more zeros than the picture has, it cannot be told from one that was cut off.
    expect(await decodeBytes(Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(500)]))).toMatchObject(cutOff);
  });
});

describe('harmless faults', () => {
  it('passes over scan parameters that mean nothing in a sequential JPEG', async () => {
    const jpeg = Buffer.from(JPEGS.baseline);
    const scan = markers(jpeg, 0xda)[0]!;
    const parameters = scan + 2 + jpeg.readUInt16BE(scan + 2) - 3;
    expect([...jpeg.subarray(parameters, parameters + 3)]).toEqual([0, 63, 0]);
    jpeg.set([0, 0, 0], parameters);
    expect((await decodeGood(jpeg)).pixelSha256).toBe((await decodeGood(JPEGS.baseline)).pixelSha256);
    expect(await decodeBytes(jpeg.subarray(0, -40))).toMatchObject(cutOff);
  });

  it('passes over several at once', async () => {
    const comment = withSegments(JPEGS.progressive, [[0xfe, Buffer.from('hello')]]);
    const stray = Buffer.concat([comment.subarray(0, 11), Buffer.alloc(5), comment.subarray(11, -2)]);
    expect((await decodeGood(stray)).pixelSha256).toBe((await decodeGood(JPEGS.progressive)).pixelSha256);
  });

  it('reads the first of several pictures in one file', async () => {
    const second = await picture().negate().jpeg().toBuffer();
    const index = Buffer.from('MPF\0MM\0*\0\0\0\x08\0\0', 'latin1');
    const mpo = Buffer.concat([withSegments(JPEGS.baseline, [[0xe2, index]]), second]);
    expect((await decodeGood(mpo)).pixelSha256).toBe((await decodeGood(JPEGS.baseline)).pixelSha256);
  });
});

describe('kinds of JPEG that no decoder here reads', () => {
  const frame = markers(JPEGS.baseline, 0xc0)[0]!;
  const changed = (at: number, ...bytes: number[]): Buffer => {
    const jpeg = Buffer.from(JPEGS.baseline);
    jpeg.set(bytes, at);
    return jpeg;
  };

  it.each([
    ['a lossless JPEG', changed(frame + 1, 0xc3)],
    ['a hierarchical JPEG', changed(frame + 1, 0xc5)],
    ['JPEG-LS', changed(frame + 1, 0xf7)],
    ['a JPEG of 12 bits per colour', changed(frame + 4, 12)],
    ['a JPEG that states its height only after the picture', changed(frame + 5, 0, 0)],
  ])('%s is named', async (what, bytes) => {
    expect(await decodeBytes(bytes)).toMatchObject({
      code: 'FORMAT_NOT_ALLOWED',
      detail: `"case": the content is ${what}, which is not read: convert it to PNG (or JPEG or WebP) and import that`,
    });
  });
});

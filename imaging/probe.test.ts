import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe, sniff } from './probe.ts';
import sharp from './sharp.ts';
import { orientationBlock, patternRgb, png, pngChunk, textChunk, withSegments } from './testing/build.ts';
import { decode, photo, root, useFolder } from './testing/decode.ts';

useFolder();

function put(name: string, bytes: Buffer | string): string {
  const file = path.join(root, name);
  writeFileSync(file, bytes);
  return file;
}

const exif = (block: Buffer): Buffer => Buffer.concat([Buffer.from('Exif\0\0'), block]);
const bare = () => sharp(patternRgb(40, 24), { raw: { width: 40, height: 24, channels: 3 } });

describe('the header of a file', () => {
  const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

  it.each(orientations)('agrees with the decoder on orientation %i', async (orientation) => {
    const block = orientationBlock(orientation);
    const files = {
      jpeg: withSegments(photo, [[0xe1, exif(block)]]),
      webp: await bare().withMetadata({ orientation }).webp().toBuffer(),
      png: png({ width: 40, height: 24, before: [pngChunk('eXIf', block)] }),
      tiff: await bare().withMetadata({ orientation }).tiff({ compression: 'lzw' }).toBuffer(),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const file = put(name, bytes);
      const found = await probe(file);
      const decoded = await decode(name);
      const turned = orientation >= 5;
      expect([name, found]).toEqual([
        name,
        {
          format: name,
          width: turned ? 24 : 40,
          height: turned ? 40 : 24,
          orientation,
          pages: 1,
        },
      ]);
      expect([name, decoded]).toMatchObject([name, { ok: true, ...found }]);
    }
  });

  it('counts pages and frames as the decoder does', async () => {
    const frames = sharp(patternRgb(40, 72), { raw: { width: 40, height: 72, channels: 3, pageHeight: 24 } });
    for (const format of ['tiff', 'gif', 'webp'] as const) {
      const file = put('pages', await frames.clone().toFormat(format).toBuffer());
      const found = await probe(file);
      expect(found).toMatchObject({ format, width: 40, height: 24, pages: 3 });
      expect(await decode('pages')).toMatchObject({ ok: true, ...found });
    }
  });

  it('agrees with the decoder on files that state none, several or a wrong one', async () => {
    const webp = await bare().webp().toBuffer();
    const cases: Record<string, Buffer> = {
      none: photo,
      'little-endian': withSegments(photo, [[0xe1, exif(orientationBlock(6, 'II'))]]),
      zero: withSegments(photo, [[0xe1, exif(orientationBlock(0))]]),
      nine: withSegments(photo, [[0xe1, exif(orientationBlock(9))]]),
      'six then three': withSegments(photo, [
        [0xe1, exif(orientationBlock(6))],
        [0xe1, exif(orientationBlock(3))],
      ]),
      'none then three': withSegments(photo, [
        [0xe1, exif(orientationBlock(0))],
        [0xe1, exif(orientationBlock(3))],
      ]),
      broken: withSegments(photo, [[0xe1, Buffer.from('Exif\0\0MM\0*\0\0\xff\xff', 'latin1')]]),
      'late segment': withSegments(photo, [
        ...Array.from({ length: 6 }, (): [number, Buffer] => [0xe2, Buffer.alloc(65_000)]),
        [0xe1, exif(orientationBlock(8))],
      ]),
      webp,
      'after the pixels of a PNG': png({
        width: 40,
        height: 24,
        after: [pngChunk('eXIf', orientationBlock(6))],
      }),
      'after long text in a PNG': png({
        width: 40,
        height: 24,
        before: [textChunk('x', 'y'.repeat(300_000)), pngChunk('eXIf', orientationBlock(6))],
      }),
    };
    for (const [name, bytes] of Object.entries(cases)) {
      const found = await probe(put(name, bytes));
      const decoded = await decode(name);
      if (!decoded.ok || !found) throw new Error(name);
      expect([name, found.orientation, found.width, found.height]).toEqual([
        name,
        decoded.orientation,
        decoded.width,
        decoded.height,
      ]);
    }
  });

  it('is null for what is no such image', async () => {
    expect(await probe(put('notes', 'not an image'))).toBeNull();
    expect(await probe(put('cut', photo.subarray(0, 40)))).toBeNull();
    expect(await probe(put('empty', ''))).toBeNull();
    expect(await probe(path.join(root, 'absent'))).toBeNull();
    expect(await probe(root)).toBeNull();
  });
});

describe('the first bytes of a file', () => {
  it('tell its format, whatever its name', async () => {
    expect(await sniff(put('photo', photo))).toEqual({ format: 'jpeg' });
    expect(await sniff(put('a.txt', png({ width: 2, height: 2 })))).toEqual({ format: 'png' });
    const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
    expect(await sniff(put('IM0001', dicom))).toEqual({ format: 'dicom' });
    expect(await sniff(put('LICENSE', 'BMW sells no licence'))).toBeNull();
    expect(await sniff(put('nothing', ''))).toBeNull();
    mkdirSync(path.join(root, 'folder'));
    expect(await sniff(path.join(root, 'folder'))).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('are not waited for', async () => {
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(await sniff(path.join(root, 'pipe'))).toBeNull();
  });
});

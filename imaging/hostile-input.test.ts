import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import sharp from './sharp.ts';
import { bmp, greyPage, patternRgb, png, pngOf, tiff } from './testing/build.ts';
import { codeOf, decode, decodeBytes, folder, photo, root, useFolder } from './testing/decode.ts';
import { sharedData } from './testing/shared.ts';

useFolder();

describe('hostile content', () => {
  it('refuses a bomb by its header, before decoding', async () => {
    const zeros = Buffer.alloc(1_000_000);
    const bomb = pngOf(30_000, 30_000, 2, deflateSync(zeros));
    expect(bomb.length).toBeLessThan(5000);
    expect(await decodeBytes(bomb)).toMatchObject({ ok: false, code: 'TOO_MANY_PIXELS', bytes: bomb.length });
    expect(await codeOf(decodeBytes(pngOf(16_384, 16_384, 0, deflateSync(zeros))))).toBe('TOO_MANY_PIXELS');
  });

  it('refuses a JPEG header of 16,384 x 16,384 pixels', async () => {
    const large = Buffer.from(photo);
    const frame = large.indexOf(Buffer.from([0xff, 0xc0]));
    large.writeUInt16BE(16_384, frame + 5);
    large.writeUInt16BE(16_384, frame + 7);
    expect(await codeOf(decodeBytes(large))).toBe('TOO_MANY_PIXELS');
  });

  it('refuses TIFFs that promise more than they hold, or lead in circles', async () => {
    const huge = tiff([greyPage(60_000, 60_000, 8)], new Uint8Array(16));
    expect(huge.length).toBeLessThan(200);
    expect(await codeOf(decodeBytes(huge))).toBe('TOO_MANY_PIXELS');
    const tiles = (side: number) =>
      tiff(
        [
          greyPage(16, 16, 8, [
            [322, 4, side],
            [323, 4, side],
            [324, 4, 8],
            [325, 4, 16],
          ]),
        ],
        new Uint8Array(16),
      );
    for (const side of [100_000, 0xffff_fff0, 0])
      expect(await codeOf(decodeBytes(tiles(side)))).toBe('DAMAGED');
    const short = tiff([greyPage(64, 64, 8)], new Uint8Array(100));
    expect(await decodeBytes(short)).toMatchObject({
      code: 'DAMAGED',
      detail: expect.stringContaining('the file is cut off'),
    });
    for (const rows of [0, 1, 0xffff_ffff])
      expect(
        await codeOf(decodeBytes(tiff([greyPage(64, 64, 8, [[278, 4, rows]])], new Uint8Array(100)))),
      ).toBe('DAMAGED');
    const page = greyPage(2, 1, 8);
    const circle = tiff([page, page], Uint8Array.of(7, 200));
    const last = circle.length - 4;
    for (const next of [circle.readUInt32LE(4), last - 2 - page.length * 12, 1, 0xffff_fff0]) {
      circle.writeUInt32LE(next, last);
      expect(['ok', 'DAMAGED']).toContain(await codeOf(decodeBytes(circle)));
    }
    for (const first of [0, 4, circle.length - 1, 0xffff_ffff]) {
      circle.writeUInt32LE(first, 4);
      expect(await codeOf(decodeBytes(circle))).toBe('DAMAGED');
    }
  });

  it('refuses a GIF of a huge screen, or with a frame that goes far beyond its screen', async () => {
    const gif = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .gif()
      .toBuffer();
    const screen = Buffer.from(gif);
    screen.writeUInt32LE(0xffff_ffff, 6);
    expect(await codeOf(decodeBytes(screen))).toBe('TOO_MANY_PIXELS');
    const frame = Buffer.from(gif);
    const at = frame.indexOf(Buffer.of(0x2c, 0, 0, 0, 0, 8, 0));
    frame.fill(0xff, at + 5, at + 9);
    expect(await codeOf(decodeBytes(frame))).toBe('TOO_MANY_PIXELS');
  });

  it('refuses an AVIF whose header states a huge picture', async () => {
    const avif = await sharp(photo).avif({ effort: 0 }).toBuffer();
    const at = avif.indexOf('ispe') + 8;
    avif.writeUInt32BE(30_000, at);
    avif.writeUInt32BE(30_000, at + 4);
    expect(await codeOf(decodeBytes(avif))).toBe('TOO_MANY_PIXELS');
  });

  it('refuses truncated files, wherever they were cut', async () => {
    const whole = png({ width: 40, height: 24, pixels: patternRgb(40, 24) });
    const webp = await sharp(photo).webp().toBuffer();
    const others = await Promise.all([
      sharp(photo).tiff({ compression: 'lzw' }).toBuffer(),
      sharp(photo).gif().toBuffer(),
      sharp(photo).avif({ effort: 0 }).toBuffer(),
    ]);
    for (const file of [photo, whole, webp, ...others]) {
      for (const part of [0.3, 0.6, 0.9]) {
        const cut = file.subarray(0, Math.floor(file.length * part));
        expect(await decodeBytes(cut)).toMatchObject({
          code: 'DAMAGED',
          detail: expect.stringMatching(/^"case": the file is cut off, and part of the picture is missing/),
        });
      }
    }
  });

  it('refuses what is no image, whatever its name', async () => {
    writeFileSync(path.join(root, 'notes.jpg'), 'not an image at all');
    expect(await codeOf(decode('notes.jpg'))).toBe('NOT_AN_IMAGE');
    writeFileSync(path.join(root, 'empty.jpg'), '');
    expect(await codeOf(decode('empty.jpg'))).toBe('EMPTY');
    expect(await codeOf(decodeBytes(Buffer.from([0xff, 0xd8, 0xff])))).toBe('DAMAGED');
    expect(await codeOf(decodeBytes(Buffer.from('89504e470d0a1a0a', 'hex')))).toBe('DAMAGED');
    expect(await codeOf(decodeBytes(Buffer.from('RIFF\0\0\0\0WEBP')))).toBe('DAMAGED');
  });

  it('refuses other formats that libvips could read', async () => {
    const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    expect(await codeOf(decodeBytes(Buffer.from(svg)))).toBe('FORMAT_NOT_ALLOWED');
    for (const text of ['P6 1 1 255 abc', '%PDF-1.4', '#?RADIANCE'])
      expect(await codeOf(decodeBytes(Buffer.from(text)))).toMatch(/FORMAT_NOT_ALLOWED|NOT_AN_IMAGE/);
    // The second line of defence: these loaders are closed, and so are all that take a path.
    writeFileSync(path.join(root, 'photo.jpg'), photo);
    for (const format of ['tiff', 'gif', 'avif'] as const) {
      writeFileSync(path.join(root, 'file'), await sharp(photo).toFormat(format).toBuffer());
      await expect(sharp(path.join(root, 'file')).raw().toBuffer()).rejects.toThrow();
    }
    await expect(sharp(path.join(root, 'photo.jpg')).raw().toBuffer()).rejects.toThrow();
    for (const text of [svg, 'P6 1 1 255 abc', '%PDF-1.4'])
      await expect(sharp(Buffer.from(text)).raw().toBuffer()).rejects.toThrow();
  });

  it('survives mutants of every format', async () => {
    const sources = [
      photo,
      png({ width: 40, height: 24, pixels: patternRgb(40, 24) }),
      await sharp(photo).webp().toBuffer(),
      await sharp(photo).tiff({ compression: 'lzw' }).toBuffer(),
      await sharp(photo).gif().toBuffer(),
      await sharp(photo).avif({ effort: 0 }).toBuffer(),
      bmp({
        width: 8,
        height: 2,
        bits: 4,
        compression: 2,
        data: Uint8Array.of(8, 0x34, 0, 0, 0, 4, 1, 2, 4, 5, 0, 1),
      }),
    ];
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const codes = new Set<string>();
    for (const source of sources) {
      for (let i = 0; i < 150; i++) {
        const mutant = Buffer.from(source);
        for (let flips = 1 + random(6); flips > 0; flips--) mutant[random(mutant.length)] = random(256);
        writeFileSync(path.join(root, 'mutant'), mutant);
        const request = { path: 'mutant', root, thumbs: null, objects: null, geometry: null };
        codes.add(await codeOf(decodeImage(request, { ...DEFAULT_LIMITS, maxPixels: 1e5 })));
      }
    }
    expect(codes).toContain('DAMAGED');
    for (const code of codes) {
      expect(['ok', 'DAMAGED', 'NOT_AN_IMAGE', 'FORMAT_NOT_ALLOWED', 'TOO_MANY_PIXELS']).toContain(code);
    }
  });

  it('refuses more bytes than allowed without reading them', async () => {
    writeFileSync(path.join(root, 'large.jpg'), photo);
    const limits = { ...DEFAULT_LIMITS, maxBytes: photo.length - 1 };
    const request = { path: 'large.jpg', root, thumbs: null, objects: null, geometry: null };
    expect(await codeOf(decodeImage(request, limits))).toBe('TOO_MANY_BYTES');
  });
});

describe('hostile names and places', () => {
  it('reads names with spaces, other scripts and line breaks', async () => {
    for (const name of [
      'a b.jpg',
      'ü 写真 🍎.jpg',
      'two\nlines.jpg',
      '..jpg',
      'it\'s "quoted".jpg',
      'x%2e%2e.jpg',
    ]) {
      writeFileSync(path.join(root, name), photo);
      expect([name, await codeOf(decode(name))]).toEqual([name, 'ok']);
    }
  });

  it('stays inside the folder', async () => {
    writeFileSync(path.join(folder, 'outside.jpg'), photo);
    mkdirSync(path.join(folder, 'images-other'));
    writeFileSync(path.join(folder, 'images-other', 'a.jpg'), photo);
    mkdirSync(path.join(root, 'sub'));
    writeFileSync(path.join(root, 'inside.jpg'), photo);
    for (const name of ['../outside.jpg', 'sub/../../outside.jpg', '../images-other/a.jpg', '..', '.', '']) {
      expect([name, await codeOf(decode(name))]).toEqual([name, 'OUTSIDE_FOLDER']);
    }
    expect(await codeOf(decode(path.join(root, 'inside.jpg')))).toBe('OUTSIDE_FOLDER');
    expect(await codeOf(decode('sub/../inside.jpg'))).toBe('ok');
    symlinkSync(path.join(folder, 'outside.jpg'), path.join(root, 'escape.jpg'));
    symlinkSync(path.join(folder, 'images-other'), path.join(root, 'escape'));
    symlinkSync('inside.jpg', path.join(root, 'within.jpg'));
    expect(await codeOf(decode('escape.jpg'))).toBe('OUTSIDE_FOLDER');
    expect(await codeOf(decode('escape/a.jpg'))).toBe('OUTSIDE_FOLDER');
    expect(await codeOf(decode('within.jpg'))).toBe('ok');
  });

  it('reads below a root that is itself a link', async () => {
    writeFileSync(path.join(root, 'linked.jpg'), photo);
    symlinkSync(root, path.join(folder, 'alias'));
    expect(await codeOf(decode('linked.jpg', { root: path.join(folder, 'alias') }))).toBe('ok');
  });

  it('refuses loops, folders, absent files and impossible names', async () => {
    symlinkSync('loop.jpg', path.join(root, 'loop.jpg'));
    mkdirSync(path.join(root, 'folder.jpg'));
    expect(await codeOf(decode('loop.jpg'))).toBe('UNREADABLE');
    expect(await codeOf(decode('folder.jpg'))).toBe('NOT_A_FILE');
    expect(await codeOf(decode('absent.jpg'))).toBe('NOT_FOUND');
    expect(await codeOf(decode('folder.jpg/x.jpg'))).toBe('NOT_FOUND');
    expect(await codeOf(decode('a\0b.jpg'))).toBe('NOT_FOUND');
    expect(await codeOf(decode('x'.repeat(5000)))).toBe('UNREADABLE');
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [path.join(root, 'pipe.jpg')]);
    expect(await codeOf(decode('pipe.jpg'))).toBe('NOT_A_FILE');
  });
});

const fruits = sharedData('fruits');

describe(`real photographs${fruits.reason}`, () => {
  it.skipIf(fruits.isAbsent)('refuses the damaged files of a batch and no other', async () => {
    const answers = readFileSync(path.join(fruits.folder, 'answers.csv'), 'utf8').split('\n');
    const broken = answers
      .filter((line) => /,(truncated|not-an-image),/.test(line))
      .map((line) => line.split(',')[0]!);
    expect(broken.length).toBe(6);
    const batch = readdirSync(path.join(fruits.folder, 'synthetic')).filter((name) => name.endsWith('.jpg'));
    const refused: string[] = [];
    for (const name of batch.filter((file, i) => i % 5 === 0 || broken.some((line) => line.endsWith(file)))) {
      const outcome = await decode(name, { root: path.join(fruits.folder, 'synthetic') });
      if (!outcome.ok) refused.push(name);
    }
    expect(refused.sort()).toEqual(broken.map((name) => path.basename(name)).sort());
  });
});

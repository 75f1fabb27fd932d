import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import sharp from './sharp.ts';
import { patternRgb, png, pngOf } from './testing/build.ts';
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

  it('refuses truncated files, wherever they were cut', async () => {
    const whole = png({ width: 40, height: 24, pixels: patternRgb(40, 24) });
    const webp = await sharp(photo).webp().toBuffer();
    for (const file of [photo, whole, webp]) {
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
    for (const format of ['tiff', 'gif'] as const) {
      const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
        .toFormat(format)
        .toBuffer();
      expect(await codeOf(decodeBytes(bytes))).toBe('FORMAT_NOT_ALLOWED');
      // The second line of defence: the loader itself is closed, and so are all that take a path.
      await expect(sharp(bytes).raw().toBuffer()).rejects.toThrow();
    }
    writeFileSync(path.join(root, 'photo.jpg'), photo);
    await expect(sharp(path.join(root, 'photo.jpg')).raw().toBuffer()).rejects.toThrow();
    await expect(sharp(Buffer.from(svg)).raw().toBuffer()).rejects.toThrow();
  });

  it('survives mutants of every format', async () => {
    const sources = [
      photo,
      png({ width: 40, height: 24, pixels: patternRgb(40, 24) }),
      await sharp(photo).webp().toBuffer(),
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
        codes.add(await codeOf(decodeBytes(mutant)));
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

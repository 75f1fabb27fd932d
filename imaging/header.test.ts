import { describe, expect, it } from 'vitest';
import { identify } from './header.ts';
import { decodeBytes, useFolder } from './testing/decode.ts';
import type { DecodeFailure } from './types.ts';

useFolder();

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const box = (type: string): Buffer => latin(`\0\0\0\x18${type}${'\0'.repeat(16)}`);

/** The beginnings of files, as the specifications give them, and what each is called. */
const REFUSED: [what: string, head: Buffer][] = [
  ['JPEG 2000', latin('\0\0\0\x0cjP  \r\n\x87\n')],
  ['JPEG 2000', latin('\xff\x4f\xff\x51\0\x29')],
  ['JPEG XL', latin('\xff\x0a\xfa\x7f')],
  ['JPEG XL', latin('\0\0\0\x0cJXL \r\n\x87\n')],
  ['a PBM, PGM or PPM file', latin('P6\n# made by hand\n4 3\n255\n')],
  ['a PBM, PGM or PPM file', latin('P5 640 480 255\n')],
  ['a PBM, PGM or PPM file', latin('P7\nWIDTH 4\nHEIGHT 3\n')],
  ['a camera raw file', latin('II*\0\x10\0\0\0CR\x02\0')],
  ['HEIC', box('ftypheic')],
  ['HEIC', box('ftypmif1')],
  ['a video', box('ftypisom')],
  ['a video', latin('\x1a\x45\xdf\xa3')],
  ['PSD', latin('8BPS\0\x01')],
  ['OpenEXR', latin('\x76\x2f\x31\x01\x02\0\0\0')],
  ['Radiance HDR', latin('#?RADIANCE\n')],
  ['SVG', latin('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">')],
];

describe('formats that are known and not read', () => {
  it.each(REFUSED)('%s is refused by its name, with the remedy', async (what, head) => {
    expect(identify(head)).toEqual({ refused: what });
    expect(await decodeBytes(head)).toMatchObject({
      ok: false,
      code: 'FORMAT_NOT_ALLOWED',
      detail: expect.stringMatching(
        new RegExp(
          `^"case": the content is ${what}, which is not read: convert it to PNG .* and import that$`,
        ),
      ),
    });
  });
});

it('names a command that converts what people often have', async () => {
  const { detail } = (await decodeBytes(box('ftypheic'))) as DecodeFailure;
  expect(detail).toContain('with `heif-convert photo.heic photo.png`, and');
});

it.each(['BMW makes cars, and this is a text', 'P1 is a project of 4 3', 'MM', '# P6 4 3 255', 'ftyp'])(
  'a text is no image: %s',
  (text) => {
    expect(identify(Buffer.from(text))).toBeNull();
  },
);

describe('what is no image', () => {
  it.each([
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
      /Git LFS pointer.*`git lfs pull`/,
    ],
    ['/annex/objects/SHA256E-s12--ab.jpg\n', /git-annex pointer.*`git annex get`/],
    ['<!DOCTYPE html><html><head><title>404</title>', /a web page, .*: download the picture again/],
    ['{"error": "not found"}', /JSON, not a picture/],
    ['PK\x03\x04', /an archive: unpack it/],
    ['\0'.repeat(500), /nothing but zeros at its beginning, .*: copy it again/],
    ['some text', /the content is not an image of a known format$/],
  ])('is called what it is: %j', async (content, what) => {
    expect(await decodeBytes(Buffer.from(content))).toMatchObject({
      code: 'NOT_AN_IMAGE',
      detail: expect.stringMatching(what),
    });
  });
});

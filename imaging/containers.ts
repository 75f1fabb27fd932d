import { isAvifCutOff } from './avif.ts';
import { readBmp } from './bmp.ts';
import { readGif } from './gif.ts';
import { structureOf } from './jpeg-structure.ts';
import { isTiffCutOff } from './tiff.ts';
import type { ImageFormat } from './types.ts';

/**
 * Walks the parts of the three containers without decoding pixels. Lengths come from the file and are not trusted: a
 * part that claims more than there is ends the walk, so the number of bytes bounds every walk.
 */

export interface Part {
  /** PNG and RIFF four-character code, or the JPEG marker's second byte in hex (`e1`). */
  type: string;
  data: Buffer;
}

export const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** Chunks of a PNG in file order, before and after the pixels; the decoder checks the checksums. */
export function* pngChunks(bytes: Buffer): Generator<Part> {
  let at = PNG_SIGNATURE.length;
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) return;
    const type = bytes.toString('latin1', at + 4, at + 8);
    yield { type, data: bytes.subarray(at + 8, end) };
    if (type === 'IEND') return;
    at = end + 4;
  }
}

/** Segments of a JPEG up to the first scan, where all metadata lives. Fill bytes and junk between them are skipped. */
export function* jpegSegments(bytes: Buffer): Generator<Part> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) {
      at = bytes.indexOf(0xff, at);
      if (at < 0) return;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const standsAlone = marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8);
    if (standsAlone) {
      at += 2;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return;
    yield { type: marker.toString(16), data: bytes.subarray(at + 4, end) };
    at = end;
  }
}

/** Chunks of a WebP's RIFF in file order. */
export function* webpChunks(bytes: Buffer): Generator<Part> {
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) return;
    yield { type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, end) };
    at = end + (length % 2);
  }
}

/** Whether a file ends before its container does: no end marker, no end chunk, or fewer bytes than it states. */
export function isCutOff(bytes: Buffer, format: ImageFormat): boolean {
  if (format === 'jpeg') return structureOf(bytes).end === null;
  if (format === 'webp') return bytes.length < 12 || bytes.readUInt32LE(4) + 8 > bytes.length;
  if (format === 'gif') return readGif(bytes)?.isWhole !== true;
  if (format === 'bmp') return (readBmp(bytes)?.end ?? Infinity) > bytes.length;
  // Nothing of it says where it ends.
  if (format === 'dicom') return false;
  if (format === 'tiff') return isTiffCutOff(bytes);
  if (format === 'avif') return isAvifCutOff(bytes);
  for (const { type } of pngChunks(bytes)) if (type === 'IEND') return false;
  return true;
}

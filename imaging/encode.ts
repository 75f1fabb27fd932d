import { AssayError } from '../rpc/errors.ts';
import { pngChunk } from './png.ts';
import sharp from './sharp.ts';
import type { PlainFormat } from './types.ts';

export interface EncodeOptions {
  /** 1..100, JPEG and WebP only; 90 when not given. */
  quality?: number;
  /** Text tags for EXIF's first directory, such as `Make` and `Model`. */
  exif?: Record<string, string>;
  /** Keyword -> Latin-1 text, written as PNG tEXt chunks ahead of the pixels. PNG only. */
  text?: Record<string, string>;
}

/**
 * Encodes RGB bytes (row-major HWC). The same input gives the same bytes on the same machine.
 * Throws `INVALID_INPUT` when the size does not match the bytes or when the text cannot be carried by the format.
 */
export async function encodeImage(
  rgb: Uint8Array,
  width: number,
  height: number,
  format: PlainFormat,
  options: EncodeOptions = {},
): Promise<Buffer> {
  if (rgb.length !== width * height * 3) {
    throw new AssayError(
      'INVALID_INPUT',
      `${width} x ${height} RGB pixels are ${width * height * 3} bytes, not ${rgb.length}; pass matching sizes`,
    );
  }
  if (options.text && format !== 'png') {
    throw new AssayError(
      'INVALID_INPUT',
      `${format} has no text chunks; encode as png or leave the text out`,
    );
  }
  const chunks = Object.entries(options.text ?? {}).map(([keyword, text]) => textChunk(keyword, text));
  const pixels = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  let image = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (options.exif) image = image.withExif({ IFD0: options.exif });
  const quality = options.quality ?? 90;
  if (format === 'jpeg') return image.jpeg({ quality }).toBuffer();
  if (format === 'webp') return image.webp({ quality }).toBuffer();
  const png = await image.png().toBuffer();
  return Buffer.concat([png.subarray(0, AFTER_IHDR), ...chunks, png.subarray(AFTER_IHDR)]);
}

/** The signature (8 bytes) and the header chunk (25 bytes), which must come first. */
const AFTER_IHDR = 33;

/** One tEXt chunk: length, type, keyword NUL text, CRC-32 of type and data (PNG specification, 11.3.4.3). */
function textChunk(keyword: string, text: string): Buffer {
  if (!/^[\x20-\x7e\xa1-\xff]{1,79}$/.test(keyword) || /^ | $| {2}/.test(keyword)) {
    throw new AssayError(
      'INVALID_INPUT',
      `"${keyword}" is not a PNG keyword; use 1 to 79 printable Latin-1 characters without outer or double spaces`,
    );
  }
  if (/[^\p{ASCII}\x80-\xff]/u.test(text) || text.includes('\0')) {
    throw new AssayError(
      'INVALID_INPUT',
      `the text under "${keyword}" has characters that a PNG tEXt chunk cannot carry; use Latin-1 without NUL`,
    );
  }
  return pngChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
}

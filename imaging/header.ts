import { jpegSegments, PNG_SIGNATURE, pngChunks, webpChunks } from './containers.ts';
import type { ImageFormat } from './types.ts';

/** What the first bytes say: one of the allowed formats, a known format that is not allowed, or neither. */
export type Identity = { format: ImageFormat } | { refused: string } | null;

const REFUSED_SIGNATURES: [name: string, offset: number, hex: string][] = [
  ['GIF', 0, '47494638'],
  ['TIFF', 0, '49492a00'],
  ['TIFF', 0, '4d4d002a'],
  ['TIFF', 0, '49492b00'],
  ['TIFF', 0, '4d4d002b'],
  ['BMP', 0, '424d'],
  ['PSD', 0, '38425053'],
  ['ICO', 0, '00000100'],
  ['PDF', 0, '25504446'],
  ['JPEG XL', 0, 'ff0a'],
  ['JPEG XL', 4, '4a584c20'],
  ['JPEG 2000', 4, '6a502020'],
  ['AVIF or HEIF', 4, '66747970'],
];

/** Tells the format by magic bytes alone, whatever the file's name. */
export function identify(bytes: Buffer): Identity {
  if (bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff)
    return { format: 'jpeg' };
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return { format: 'png' };
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
    return { format: 'webp' };
  for (const [refused, offset, hex] of REFUSED_SIGNATURES) {
    const signature = Buffer.from(hex, 'hex');
    if (bytes.subarray(offset, offset + signature.length).equals(signature)) return { refused };
  }
  return /<svg[\s>]/i.test(bytes.toString('latin1', 0, 1024)) ? { refused: 'SVG' } : null;
}

export interface ImageHeader {
  /** As stored, before EXIF orientation. */
  width: number;
  height: number;
  /** The file has one colour channel, with or without alpha. */
  singleChannel: boolean;
}

function readPngHeader(bytes: Buffer): ImageHeader | null {
  const first = pngChunks(bytes).next().value;
  if (!first || first.type !== 'IHDR' || first.data.length < 13) return null;
  const colourType = first.data[9];
  return {
    width: first.data.readUInt32BE(0),
    height: first.data.readUInt32BE(4),
    singleChannel: colourType === 0 || colourType === 4,
  };
}

function readJpegHeader(bytes: Buffer): ImageHeader | null {
  for (const { type, data } of jpegSegments(bytes)) {
    // SOF0..SOF15 without DHT (c4), JPG (c8) and DAC (cc), which share the range.
    if (!/^c[0-35-79-bd-f]$/.test(type) || data.length < 6) continue;
    return { width: data.readUInt16BE(3), height: data.readUInt16BE(1), singleChannel: data[5] === 1 };
  }
  return null;
}

function readWebpHeader(bytes: Buffer): ImageHeader | null {
  for (const { type, data } of webpChunks(bytes)) {
    if (type === 'VP8X' && data.length >= 10) {
      return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1, singleChannel: false };
    }
    if (type === 'VP8 ' && data.length >= 10) {
      return {
        width: data.readUInt16LE(6) & 0x3fff,
        height: data.readUInt16LE(8) & 0x3fff,
        singleChannel: false,
      };
    }
    if (type === 'VP8L' && data.length >= 5) {
      const packed = data.readUInt32LE(1);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1, singleChannel: false };
    }
  }
  return null;
}

const READERS: Record<ImageFormat, (bytes: Buffer) => ImageHeader | null> = {
  png: readPngHeader,
  jpeg: readJpegHeader,
  webp: readWebpHeader,
};

/** The declared size, read before any decoder sees the file; null where the container has no readable header. */
export function readHeader(bytes: Buffer, format: ImageFormat): ImageHeader | null {
  return READERS[format](bytes);
}

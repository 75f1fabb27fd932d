import { brandsOf, readAvif } from './avif.ts';
import { readBmp } from './bmp.ts';
import { jpegSegments, PNG_SIGNATURE, pngChunks, webpChunks } from './containers.ts';
import { readDicom } from './dicom.ts';
import { readGif } from './gif.ts';
import { exifOrientation } from './metadata/exif.ts';
import { readTiff } from './tiff.ts';
import { isPlain, type ImageFormat, type PlainFormat } from './types.ts';

/** What the first bytes say: one of the allowed formats, a known format that is not allowed, or neither. */
export type Identity = { format: ImageFormat } | { refused: string } | null;

/** Formats that are known and not read, by the bytes at an offset; the more specific of two comes first. */
const REFUSED_SIGNATURES: [name: string, offset: number, bytes: string][] = [
  ['a camera raw file', 0, 'II*\0\x10\0\0\0CR'],
  ['a camera raw file', 0, 'IIRO'],
  ['a camera raw file', 0, 'IIU\0'],
  ['a camera raw file', 0, 'FUJIFILMCCD-RAW'],
  ['PSD', 0, '8BPS'],
  ['ICO', 0, '\0\0\x01\0'],
  ['PDF', 0, '%PDF'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 4, 'JXL '],
  ['JPEG 2000', 4, 'jP  '],
  ['JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['HEIC', 4, 'ftyphei'],
  ['HEIC', 4, 'ftyphev'],
  ['HEIC', 4, 'ftypmif1'],
  ['HEIC', 4, 'ftypmsf1'],
  ['a camera raw file', 4, 'ftypcrx '],
  ['a video', 4, 'ftyp'],
  ['a video', 0, '\x1a\x45\xdf\xa3'],
  ['OpenEXR', 0, '\x76\x2f\x31\x01'],
  ['Radiance HDR', 0, '#?RADIANCE'],
  ['Radiance HDR', 0, '#?RGBE'],
  ['DDS', 0, 'DDS '],
  ['QOI', 0, 'qoif'],
  ['a NumPy array', 0, '\x93NUMPY'],
  ['FITS', 0, 'SIMPLE  ='],
];

const TIFF = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** Sizes of the headers that follow the file header of a BMP: its two letters alone begin many a text. */
const BMP_HEADERS = [12, 40, 52, 56, 64, 108, 124];

function isBmp(bytes: Buffer): boolean {
  return (
    bytes.toString('latin1', 0, 2) === 'BM' &&
    bytes.length >= 18 &&
    BMP_HEADERS.includes(bytes.readUInt32LE(14))
  );
}

/** PBM, PGM, PPM and PAM: a letter, a digit, then sizes as text, perhaps after comments. */
function isPortableMap(text: string): boolean {
  return /^P[1-6]\s+(#[^\n]*\n\s*)*\d+\s+\d+\s/.test(text) || /^P7\n(#[^\n]*\n)*WIDTH /.test(text);
}

/** Tells the format by content alone, whatever the file's name. The first 1,024 bytes are enough. */
export function identify(bytes: Buffer): Identity {
  if (bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff)
    return { format: 'jpeg' };
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return { format: 'png' };
  const text = bytes.toString('latin1', 0, 1024);
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return { format: 'webp' };
  if (text.startsWith('DICM', 128)) return { format: 'dicom' };
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return { format: 'gif' };
  if (brandsOf(bytes).some((brand) => brand === 'avif' || brand === 'avis')) return { format: 'avif' };
  for (const [refused, offset, signature] of REFUSED_SIGNATURES)
    if (text.startsWith(signature, offset)) return { refused };
  // Several kinds of camera raw files begin like a TIFF.
  if (TIFF.some((signature) => text.startsWith(signature))) return { format: 'tiff' };
  if (isBmp(bytes)) return { format: 'bmp' };
  if (isPortableMap(text)) return { refused: 'a PBM, PGM or PPM file' };
  return /<svg[\s>]/i.test(text) ? { refused: 'SVG' } : null;
}

const OTHER_CONTENT: [pattern: RegExp, what: string][] = [
  [
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
    'a Git LFS pointer, not the picture: run `git lfs pull`',
  ],
  [/^\/annex\/objects\//, 'a git-annex pointer, not the picture: run `git annex get`'],
  [
    /^\s*(<!doctype html|<html)/i,
    'a web page, which is what a failed download leaves: download the picture again',
  ],
  [/^\s*[{[]\s*["{\]}]/, 'JSON, not a picture'],
  [/^\0{64}/, 'nothing but zeros at its beginning, which is what an interrupted copy leaves: copy it again'],
];

const ARCHIVES = ['PK\x03\x04', '\x1f\x8b', '7z\xbc\xaf', 'Rar!'];

/** What the content of a file is that is no image. */
export function otherContent(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 256);
  const isArchive = ARCHIVES.some((signature) => head.startsWith(signature));
  const what = isArchive
    ? 'an archive: unpack it'
    : OTHER_CONTENT.find(([pattern]) => pattern.test(head))?.[1];
  return `the content is ${what ?? 'not an image of a known format'}`;
}

export interface ImageHeader {
  /** As stored, before EXIF orientation. */
  width: number;
  height: number;
  /** The file has one colour channel, with or without alpha. */
  singleChannel: boolean;
  /** Pages or frames in the file, of which the first is the picture; 2 where there are more than one and nobody counts. */
  pages: number;
  /** Bits of a sample where they are not the decoder's own affair. */
  bits?: number;
  /** What the file is, where it is of a kind of its format that is not read, and what to do where that is special. */
  unread?: string | null;
  remedy?: string;
}

function readPngHeader(bytes: Buffer): ImageHeader | null {
  let header: ImageHeader | null = null;
  for (const { type, data } of pngChunks(bytes)) {
    if (header === null) {
      if (type !== 'IHDR' || data.length < 13) return null;
      const colourType = data[9];
      header = {
        width: data.readUInt32BE(0),
        height: data.readUInt32BE(4),
        singleChannel: colourType === 0 || colourType === 4,
        pages: 1,
      };
    } else if (type === 'acTL' && data.length >= 8) header.pages = Math.max(1, data.readUInt32BE(0));
    else if (type === 'IDAT') break;
  }
  return header;
}

function readJpegHeader(bytes: Buffer): ImageHeader | null {
  for (const { type, data } of jpegSegments(bytes)) {
    // SOF0..SOF15 without DHT (c4), JPG (c8) and DAC (cc), which share the range.
    if (!/^c[0-35-79-bd-f]$/.test(type) || data.length < 6) continue;
    const [height, width] = [data.readUInt16BE(1), data.readUInt16BE(3)];
    return { width, height, singleChannel: data[5] === 1, pages: 1 };
  }
  return null;
}

function readWebpHeader(bytes: Buffer): ImageHeader | null {
  let header: ImageHeader | null = null;
  let frames = 0;
  for (const { type, data } of webpChunks(bytes)) {
    if (type === 'ANMF') frames++;
    if (header !== null) continue;
    if (type === 'VP8X' && data.length >= 10)
      header = webpHeader(data.readUIntLE(4, 3) + 1, data.readUIntLE(7, 3) + 1);
    else if (type === 'VP8 ' && data.length >= 10)
      return webpHeader(data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff);
    else if (type === 'VP8L' && data.length >= 5) {
      const packed = data.readUInt32LE(1);
      return webpHeader((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
    }
  }
  return header && { ...header, pages: Math.max(1, frames) };
}

function webpHeader(width: number, height: number): ImageHeader {
  return { width, height, singleChannel: false, pages: 1 };
}

function readGifHeader(bytes: Buffer): ImageHeader | null {
  const gif = readGif(bytes);
  if (!gif) return null;
  return { width: gif.width, height: gif.height, singleChannel: false, pages: Math.max(1, gif.frames) };
}

function readAvifHeader(bytes: Buffer): ImageHeader | null {
  const avif = readAvif(bytes);
  return avif && { ...avif, singleChannel: false, pages: avif.isSequence ? 2 : 1 };
}

function readBmpHeader(bytes: Buffer): ImageHeader | null {
  const bmp = readBmp(bytes);
  return bmp && { width: bmp.width, height: bmp.height, singleChannel: false, pages: 1, unread: bmp.unread };
}

function readDicomHeader(bytes: Buffer): ImageHeader | null {
  const dicom = readDicom(bytes);
  if (!dicom) return null;
  const { width, height, frames, isGrey, unread } = dicom;
  return {
    width,
    height,
    singleChannel: isGrey,
    pages: frames,
    ...(unread && { unread: unread.kind, remedy: unread.remedy }),
  };
}

const READERS: Record<ImageFormat, (bytes: Buffer) => ImageHeader | null> = {
  png: readPngHeader,
  jpeg: readJpegHeader,
  webp: readWebpHeader,
  tiff: (bytes) => readTiff(readerOf(bytes)),
  gif: readGifHeader,
  avif: readAvifHeader,
  bmp: readBmpHeader,
  dicom: readDicomHeader,
};

function readerOf(bytes: Buffer): (at: number, length: number) => Buffer {
  return (at, length) => bytes.subarray(at, at + length);
}

/** The declared size, read before any decoder sees the file; null where the container has no readable header. */
export function readHeader(bytes: Buffer, format: ImageFormat): ImageHeader | null {
  return READERS[format](bytes);
}

const EXIF_FLAG = 0x08;

/** The blocks of EXIF that libvips reads the orientation from. */
function* exifBlocks(bytes: Buffer, format: PlainFormat): Generator<Buffer> {
  if (format === 'png') {
    for (const { type, data } of pngChunks(bytes)) {
      if (type === 'IDAT') return;
      if (type === 'eXIf') yield data;
    }
  } else if (format === 'jpeg') {
    for (const { type, data } of jpegSegments(bytes))
      if (type === 'e1' && data.toString('latin1', 0, 6) === 'Exif\0\0') yield data;
  } else {
    let isDeclared = false;
    for (const { type, data } of webpChunks(bytes)) {
      if (type === 'VP8X') isDeclared = (data[0]! & EXIF_FLAG) !== 0;
      else if (type === 'EXIF' && isDeclared) yield data;
    }
  }
}

/**
 * The orientation of a file, 1 to 8, as the decoder applies it; 1 where there is none. That of an AVIF is made of its
 * turns and mirrorings, which count before any EXIF in it.
 */
export function readOrientation(bytes: Buffer, format: ImageFormat): number {
  if (format === 'tiff') return readTiff(readerOf(bytes))?.orientation ?? 1;
  if (format === 'avif') return readAvif(bytes)?.orientation ?? 1;
  if (!isPlain(format)) return 1;
  for (const block of exifBlocks(bytes, format)) return exifOrientation(block) ?? 1;
  return 1;
}

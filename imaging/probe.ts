import { constants, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import {
  identify,
  readHeader,
  readOrientation,
  type Identity,
  type ImageHeader as StoredHeader,
} from './header.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { readTiff } from './tiff.ts';
import type { ImageFormat, ImageHeader } from './types.ts';

/** Enough for every signature, and for the first element of an SVG. */
const SNIFFED_BYTES = 1024;
/** Holds the header of all but JPEGs with large profiles or manifests before it. */
const HEAD_BYTES = 256 * 1024;

/** What `read` gives for a regular file; null where it is none or cannot be read. Never waits for a pipe. */
async function withFile<T>(file: string, read: (handle: FileHandle) => Promise<T | null>): Promise<T | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return (await handle.stat()).isFile() ? await read(handle) : null;
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}

async function firstBytes(handle: FileHandle, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
  return buffer.subarray(0, bytesRead);
}

/**
 * Tells a file's format by its first bytes, whatever its name: a format that is read, the name of one that is not
 * (`{ refused: 'DICOM' }`), or null for everything else, unreadable files and folders included. Links are followed. Never throws.
 */
export function sniff(file: string): Promise<Identity> {
  return withFile(file, async (handle) => identify(await firstBytes(handle, SNIFFED_BYTES)));
}

/** Whether the head of a longer file has all that says its size and orientation. */
function isEnough(head: Buffer, format: ImageFormat): boolean {
  if (format === 'gif' || readHeader(head, format) === null) return false;
  if (format === 'avif' || format === 'bmp') return true;
  if (format === 'png') return head.includes('IDAT');
  return format === 'jpeg' || head.toString('latin1', 12, 16) !== 'VP8X';
}

/**
 * Reads a file's header without decoding it: format, size, orientation, pages. Null where it is of no kind that is read, is DICOM, has
 * no readable header, is larger than the decoder takes, or cannot be read; what is wrong with it, the decoder says.
 * Links are followed. Never throws.
 */
export function probe(file: string): Promise<ImageHeader | null> {
  return withFile(file, async (handle) => {
    const { size } = await handle.stat();
    if (size > DEFAULT_LIMITS.maxBytes) return null;
    let bytes = await firstBytes(handle, Math.min(size, HEAD_BYTES));
    const identity = identify(bytes);
    if (!identity || 'refused' in identity) return null;
    const { format } = identity;
    // Its header is for decoder processes alone.
    if (format === 'dicom') return null;
    // The directory of a TIFF mostly lies behind its pixels.
    if (format === 'tiff') {
      const tiff = readTiff((at, length) => bytesAt(handle, at, Math.min(length, size - at)));
      return tiff && headerOf(format, tiff, tiff.orientation);
    }
    if (bytes.length < size && !isEnough(bytes, format)) bytes = await firstBytes(handle, size);
    const header = readHeader(bytes, format);
    return header && headerOf(format, header, readOrientation(bytes, format));
  });
}

function bytesAt({ fd }: FileHandle, at: number, length: number): Buffer {
  if (!(length > 0)) return Buffer.alloc(0);
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, at));
}

/** As shown; null for a kind of its format that is not read. */
function headerOf(format: ImageFormat, stored: StoredHeader, orientation: number): ImageHeader | null {
  if (stored.unread) return null;
  const { width, height, pages } = stored;
  const isTurned = orientation >= 5;
  return {
    format,
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    orientation,
    pages,
  };
}

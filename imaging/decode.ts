import { createHash, hash } from 'node:crypto';
import { identify, otherContent, readHeader, type ImageHeader } from './header.ts';
import { encodeImage } from './encode.ts';
import { readMetadata } from './metadata/read.ts';
import { decodePixels, notRead, undecodable, type Pixels } from './pixels.ts';
import { readContained } from './read-file.ts';
import { cropOf, signatureOf, tensorOf, thumbnailOf } from './renditions.ts';
import { spoilt, type Spoiling } from './spoil.ts';
import { measure } from './stats.ts';
import { addressOf, isStored, writeWhole } from './store.ts';
import type {
  DecodeFailure,
  DecodeLimits,
  DecodeOutcome,
  DecodeRequest,
  FailureCode,
  ImageFormat,
} from './types.ts';

/** sha256 over width and height (32-bit little-endian) and the RGB bytes. */
function hashPixels({ width, height, rgb }: Pixels): string {
  const size = Buffer.alloc(8);
  size.writeUInt32LE(width, 0);
  size.writeUInt32LE(height, 4);
  return createHash('sha256').update(size).update(rgb).digest('hex');
}

/**
 * Writes the thumbnail and returns its sha256. One that is there is replaced: people judge by it, and only what was made
 * here is known to be of this picture.
 */
async function storeThumbnail(pixels: Pixels, thumbs: string | null, sha256: string): Promise<string | null> {
  if (thumbs === null) return null;
  const thumbnail = await thumbnailOf(pixels);
  writeWhole(addressOf(thumbs, sha256, '.webp'), thumbnail);
  return hash('sha256', thumbnail, 'hex');
}

/** Copies the original unless a copy of the right length exists: one cut short by a crash is replaced. */
function storeOriginal(bytes: Buffer, objects: string | null, sha256: string): void {
  if (objects === null) return;
  const file = addressOf(objects, sha256);
  if (!isStored(file, bytes.length)) writeWhole(file, bytes);
}

type Declared =
  | { ok: true; format: ImageFormat; header: ImageHeader }
  | { ok: false; code: FailureCode; reason: string };

/** What bytes say of themselves, before any decoder sees them; why they are not read where they are not. */
function declaredIn(bytes: Buffer, limits: DecodeLimits): Declared {
  const refuse = (code: FailureCode, reason: string): Declared => ({ ok: false, code, reason });
  const identity = identify(bytes);
  if (!identity) return refuse('NOT_AN_IMAGE', otherContent(bytes));
  if ('refused' in identity) return refuse('FORMAT_NOT_ALLOWED', notRead(identity.refused));
  const { format } = identity;
  const header = readHeader(bytes, format);
  if (!header) {
    const { code, detail } = undecodable(bytes, format, `the ${format} header is missing or broken`);
    return refuse(code, detail);
  }
  if (header.unread) return refuse('FORMAT_NOT_ALLOWED', notRead(header.unread, header.remedy));
  if (header.width * header.height <= limits.maxPixels) return { ok: true, format, header };
  const megapixels = Math.round(limits.maxPixels / 1e6);
  return refuse(
    'TOO_MANY_PIXELS',
    `${header.width} x ${header.height} pixels; at most ${megapixels} million are read`,
  );
}

/** The pixels of the picture that a fault takes a part of; null where it takes none. */
async function otherPixels(
  { other }: Spoiling,
  limits: DecodeLimits,
): Promise<{ ok: true; pixels: Pixels } | DecodeFailure | null> {
  if (!other) return null;
  const file = readContained(other.root, other.path, limits.maxBytes);
  if (!file.ok) return file;
  const declared = declaredIn(file.bytes, limits);
  const read = declared.ok && (await decodePixels(file.bytes, declared.format, limits));
  return read && read.ok
    ? read
    : {
        ok: false,
        code: 'UNREADABLE',
        detail: `${JSON.stringify(other.path)}: it cannot be read`,
        sha256: null,
        bytes: file.bytes.length,
      };
}

/**
 * One read and one decode of an image file, and everything that the workbench records about it. A file that cannot
 * be used is an outcome, not an error; only a store that cannot be written throws (`DISK_FULL`, `INTERNAL`).
 *
 * Hashes, measures, signature and the `area` tensor are computed here from the full-resolution pixels, in integers
 * where it matters, and depend on libvips only through its decoders.
 */
export async function decodeImage(request: DecodeRequest, limits: DecodeLimits): Promise<DecodeOutcome> {
  const file = readContained(request.root, request.path, limits.maxBytes);
  if (!file.ok) return file;
  const { bytes } = file;
  const name = JSON.stringify(request.path);
  const sha256 = hash('sha256', bytes, 'hex');
  const refuse = (code: FailureCode, reason: string): DecodeOutcome => {
    return { ok: false, code, detail: `${name}: ${reason}`, sha256, bytes: bytes.length };
  };

  const declared = declaredIn(bytes, limits);
  if (!declared.ok) return refuse(declared.code, declared.reason);
  const { format, header } = declared;
  const read = await decodePixels(bytes, format, limits);
  if (!read.ok) return refuse(read.code, read.detail);
  let { pixels } = read;
  if (request.spoiling) {
    if (request.thumbs !== null || request.objects !== null)
      throw new RangeError('a spoilt picture must not be stored under the name of the sound one');
    const other = await otherPixels(request.spoiling, limits);
    if (other && !other.ok) return other;
    pixels = { ...(await spoilt(pixels, request.spoiling, other?.pixels ?? null)), alpha: null };
  }

  // Encoding runs on libuv's threads while this thread measures.
  const thumbnail = storeThumbnail(pixels, request.thumbs, sha256);
  // A rejection is awaited below; without a handler it would count as unhandled if measuring threw first.
  thumbnail.catch(() => undefined);
  // Its header names the patient: it stays where it is.
  if (format !== 'dicom') storeOriginal(bytes, request.objects, sha256);
  const { metadata, marks } = readMetadata(bytes, format, pixels);
  const signature = signatureOf(pixels);
  const { geometry } = request;
  const tensor = geometry ? await tensorOf(pixels, geometry, signature) : null;
  const crops: Uint8Array[] = [];
  for (const crop of (geometry && request.crops) ?? []) {
    const part = cropOf(pixels, crop);
    crops.push(await tensorOf(part, geometry!, signatureOf(part)));
  }
  return {
    ok: true,
    sha256,
    bytes: bytes.length,
    format,
    width: pixels.width,
    height: pixels.height,
    orientation: read.orientation,
    pages: header.pages,
    pixelSha256: hashPixels(pixels),
    signature,
    stats: measure(pixels, header.singleChannel),
    metadata,
    marks,
    thumb: await thumbnail,
    tensor,
    png: request.png ? await encodeImage(pixels.rgb, pixels.width, pixels.height, 'png') : null,
    crops,
  };
}

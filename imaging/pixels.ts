import { decodeBmp } from './bmp.ts';
import { isCutOff } from './containers.ts';
import { converterOf } from '../rpc/contract/unread-pictures.ts';
import { decodeDicom } from './dicom.ts';
import { readHeader, readOrientation } from './header.ts';
import { MAX_MENDS, mended, unpadded, withEnds } from './jpeg-mend.ts';
import { hasAllScans, isProgressive, structureOf, unusualKind } from './jpeg-structure.ts';
import sharp from './sharp.ts';
import type { DecodeLimits, FailureCode, ImageFormat, RawImage } from './types.ts';

export interface Pixels {
  width: number;
  height: number;
  /** Upright sRGB, 8 bits, row-major HWC; alpha flattened on white. */
  rgb: Uint8Array;
  /** The alpha plane as stored, or null where the file has none. */
  alpha: Uint8Array | null;
}

/** `orientation` is the EXIF orientation, 1 to 8, that was applied. */
export type PixelRead =
  | { ok: true; pixels: Pixels; orientation: number }
  | { ok: false; code: FailureCode; detail: string };

/** Composites RGBA on white in integers, so that the result does not depend on a library's rounding. */
function flattenOnWhite(rgba: Uint8Array): { rgb: Uint8Array; alpha: Uint8Array } {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(count * 3);
  const alpha = new Uint8Array(count);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += 4, to += 3) {
    const a = rgba[from + 3]!;
    alpha[i] = a;
    const white = 255 * (255 - a) + 127;
    rgb[to] = ((rgba[from]! * a + white) / 255) | 0;
    rgb[to + 1] = ((rgba[from + 1]! * a + white) / 255) | 0;
    rgb[to + 2] = ((rgba[from + 2]! * a + white) / 255) | 0;
  }
  return { rgb, alpha };
}

interface Settings extends DecodeLimits {
  /** Whether there is something to turn: libvips then reads the orientation again. */
  turns: boolean;
}

function opened(bytes: Buffer, settings: Settings, failOn: 'warning' | 'none' = 'warning') {
  return sharp(bytes, {
    failOn,
    limitInputPixels: settings.maxPixels,
    limitInputChannels: 5,
    autoOrient: settings.turns,
  }).timeout({ seconds: Math.max(1, Math.ceil(settings.timeoutMs / 1000)) });
}

function decodeRaw(
  bytes: Buffer,
  settings: Settings,
  failOn: 'warning' | 'none' = 'warning',
): Promise<RawImage> {
  return opened(bytes, settings, failOn)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
}

const TWELVE_BITS = 4095;

/**
 * Decodes a TIFF. Samples of 16 bits become 8 linearly over their whole range; where none is above 4095 they are those of
 * a sensor of 12 bits, of which eight of sixteen would show next to nothing, and that is their range.
 */
async function decodeTiff(bytes: Buffer, settings: Settings): Promise<RawImage> {
  if (readHeader(bytes, 'tiff')?.bits !== 16) return decodeRaw(bytes, settings);
  const { data, info } = await opened(bytes, settings)
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const isColour = (i: number): boolean => info.channels === 3 || i % info.channels !== info.channels - 1;
  const shift = samples.every((sample, i) => sample <= TWELVE_BITS || !isColour(i)) ? 4 : 8;
  const eight = Buffer.alloc(samples.length);
  for (let i = 0; i < samples.length; i++) eight[i] = samples[i]! >> (isColour(i) ? shift : 8);
  return { data: eight, info };
}

/** Decodes strictly, past faults of a JPEG that cost no pixel. Throws what libvips says of any other. */
async function decodeMended(jpeg: Buffer, settings: Settings): Promise<RawImage> {
  let at = jpeg;
  for (let mends = 0; ; mends++) {
    try {
      return await decodeRaw(at, settings);
    } catch (error) {
      const next = mends < MAX_MENDS && error instanceof Error ? mended(at, error.message) : null;
      if (!next) throw error;
      at = next;
    }
  }
}

/**
 * Decodes data without end marker. libvips does not report what is missing from the last rows, so they are decoded with
 * different bytes put in place of what may be missing: where they make a difference, something is.
 */
async function decodeEnded(data: Buffer, settings: Settings): Promise<RawImage> {
  const [ended, ...filled] = withEnds(data);
  const image = await decodeMended(ended!, settings);
  for (const other of filled) {
    const { data: pixels } = await decodeRaw(other, settings, 'none');
    if (!pixels.equals(image.data)) throw new Error('the data of the last rows are missing');
  }
  return image;
}

/** More zeros than the last scan of a progressive JPEG ends in: those that are left out of one may need any number. */
const PROGRESSIVE_ZEROS = 8;

/**
 * Decodes a JPEG without end marker if no more than that marker is missing. Zeros at its end are padding, or they are
 * the data of a plain corner: then every one of them is needed. What needs some of them is a file that was cut off and
 * filled up.
 */
async function decodeEndless(jpeg: Buffer, settings: Settings): Promise<RawImage> {
  const structure = structureOf(jpeg);
  if (!hasAllScans(jpeg, structure)) throw new Error('scans are missing');
  const data = unpadded(jpeg);
  try {
    return await decodeEnded(data, settings);
  } catch (error) {
    const zeros = jpeg.length - data.length;
    if (zeros === 0 || (isProgressive(structure) && zeros > PROGRESSIVE_ZEROS)) throw error;
    const image = await decodeEnded(jpeg, settings);
    const isPadded = await decodeEnded(jpeg.subarray(0, -1), settings).then(
      () => true,
      () => false,
    );
    if (isPadded) throw error;
    return image;
  }
}

function decodeJpeg(jpeg: Buffer, settings: Settings): Promise<RawImage> {
  return structureOf(jpeg).end === null ? decodeEndless(jpeg, settings) : decodeMended(jpeg, settings);
}

interface Refusal {
  ok: false;
  code: FailureCode;
  detail: string;
}

function refusalOf(error: unknown, bytes: Buffer, format: ImageFormat): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n', 1)[0]!.slice(0, 200);
  if (/exceeds pixel limit/i.test(message)) return { ok: false, code: 'TOO_MANY_PIXELS', detail: line };
  if (/^timeout/i.test(message)) return { ok: false, code: 'TIMEOUT', detail: 'decoding took too long' };
  return undecodable(bytes, format, `the image data cannot be decoded: ${line}`);
}

/** Why bytes of a format that is read cannot be: `reason` where neither their kind nor their length explains it. */
export function undecodable(bytes: Buffer, format: ImageFormat, reason: string): Refusal {
  const kind = format === 'jpeg' ? unusualKind(structureOf(bytes)) : null;
  if (kind) return { ok: false, code: 'FORMAT_NOT_ALLOWED', detail: notRead(kind) };
  const cut = `the file is cut off, and part of the picture is missing: copy or download it again (${reason})`;
  return { ok: false, code: 'DAMAGED', detail: isCutOff(bytes, format) ? cut : reason };
}

/** Says what a file is that is none of the kinds that are read, and what to do about it. */
export function notRead(what: string, remedy: string | null = null): string {
  const convert = converterOf(what);
  const how = convert === null ? '' : `, for instance with \`${convert}\`,`;
  const toPng = `convert it to PNG (or JPEG or WebP)${how} and import that`;
  return `the content is ${what}, which is not read: ${remedy ?? toPng}`;
}

type Decode = (bytes: Buffer, settings: Settings) => RawImage | Promise<RawImage>;
const DECODERS: Partial<Record<ImageFormat, Decode>> = {
  jpeg: decodeJpeg,
  tiff: decodeTiff,
  bmp: decodeBmp,
  dicom: (bytes, settings) =>
    decodeDicom(bytes, (jpeg, isGrey) =>
      isGrey
        ? opened(jpeg, settings)
            .toColourspace('b-w')
            .raw({ depth: 'uchar' })
            .toBuffer({ resolveWithObject: true })
        : decodeJpeg(jpeg, settings),
    ),
};

/**
 * Decodes the bytes of an image once, at full size. The first frame of an animation and the first picture of several
 * are taken. Colour profiles, CMYK, grey, palettes and 16 bits become 8-bit sRGB. Faults that cost no pixel (a JPEG
 * without its end marker) are passed over; damaged and truncated data are refused, never repaired.
 */
export async function decodePixels(
  bytes: Buffer,
  format: ImageFormat,
  limits: DecodeLimits,
): Promise<PixelRead> {
  const orientation = readOrientation(bytes, format);
  let decoded: RawImage;
  try {
    // An AVIF comes out of its decoder upright.
    const turns = orientation !== 1 && format !== 'avif';
    decoded = await (DECODERS[format] ?? decodeRaw)(bytes, { ...limits, turns });
  } catch (error) {
    return refusalOf(error, bytes, format);
  }
  const { data, info } = decoded;
  const { width, height, channels } = info;
  // A plain array, not a Buffer: loops that see one kind of array only are compiled to faster code.
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (channels === 3) return { ok: true, orientation, pixels: { width, height, rgb: samples, alpha: null } };
  if (channels === 4) return { ok: true, orientation, pixels: { width, height, ...flattenOnWhite(samples) } };
  return {
    ok: false,
    code: 'DAMAGED',
    detail: `the image decodes to ${channels} channels instead of 3 or 4`,
  };
}

/** Pillow's `convert('L')` of RGB bytes: ITU-R 601 weights in 16-bit fixed point, rounded half up. */
export function toLuma(rgb: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = (rgb[at]! * 19595 + rgb[at + 1]! * 38470 + rgb[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return luma;
}

import sharp from './sharp.ts';
import type { DecodeLimits, FailureCode } from './types.ts';

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

async function decodeRaw(bytes: Buffer, limits: DecodeLimits) {
  const image = sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: limits.maxPixels,
    limitInputChannels: 5,
    autoOrient: true,
  });
  const { orientation = 1 } = await image.metadata();
  const { data, info } = await image
    .timeout({ seconds: Math.max(1, Math.ceil(limits.timeoutMs / 1000)) })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  // As libvips does: a value that means nothing turns nothing.
  return { data, info, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1 };
}

function refusalOf(error: unknown): { ok: false; code: FailureCode; detail: string } {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n', 1)[0]!.slice(0, 200);
  if (/exceeds pixel limit/i.test(message)) return { ok: false, code: 'TOO_MANY_PIXELS', detail: line };
  if (/^timeout/i.test(message)) return { ok: false, code: 'TIMEOUT', detail: 'decoding took too long' };
  return { ok: false, code: 'DAMAGED', detail: `the image data cannot be decoded: ${line}` };
}

/**
 * Decodes JPEG, PNG or WebP bytes once, at full size. The first frame of an animation is taken. Colour profiles,
 * CMYK, grey, palettes and 16 bits become 8-bit sRGB. Damaged and truncated data are refused, never repaired.
 */
export async function decodePixels(bytes: Buffer, limits: DecodeLimits): Promise<PixelRead> {
  let decoded: Awaited<ReturnType<typeof decodeRaw>>;
  try {
    decoded = await decodeRaw(bytes, limits).catch((error: unknown) => {
      const isStray = error instanceof Error && error.message.includes('extraneous bytes before marker');
      const cleaned = isStray ? withoutStrayBytes(bytes) : null;
      if (!cleaned) throw error;
      return decodeRaw(cleaned, limits);
    });
  } catch (error) {
    return refusalOf(error);
  }
  const { data, info, orientation } = decoded;
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

/** Whether a segment's content is beside the pixels: APPn or COM. */
function isMetadata(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

/**
 * A JPEG without the bytes that some cameras and editors leave between metadata segments, which strict decoding
 * refuses; null where there are none. Stray bytes after a segment that shapes the pixels are not touched: there they
 * are the rest of a damaged table, and dropping them would pass off wrong pixels as right ones.
 */
function withoutStrayBytes(jpeg: Buffer): Buffer | null {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  let mayHaveStrays = true;
  while (at + 4 <= jpeg.length) {
    const marker = jpeg.indexOf(0xff, at);
    if (marker < 0 || marker + 4 > jpeg.length || (marker > at && !mayHaveStrays)) return null;
    const type = jpeg[marker + 1]!;
    if (type === 0xda) {
      kept.push(jpeg.subarray(marker));
      const size = kept.reduce((sum, part) => sum + part.length, 0);
      return size < jpeg.length ? Buffer.concat(kept) : null;
    }
    if (type === 0xff) {
      at = marker + 1;
      continue;
    }
    const end = marker + 2 + jpeg.readUInt16BE(marker + 2);
    kept.push(jpeg.subarray(marker, end));
    mayHaveStrays = isMetadata(type);
    at = end;
  }
  return null;
}

/** Pillow's `convert('L')` of RGB bytes: ITU-R 601 weights in 16-bit fixed point, rounded half up. */
export function toLuma(rgb: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = (rgb[at]! * 19595 + rgb[at + 1]! * 38470 + rgb[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return luma;
}

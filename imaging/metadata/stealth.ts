import { gunzipSync } from 'node:zlib';
import { decodeBytes } from './exif.ts';

/** How a picture hides text: in its alpha (`png`) or in its colours (`rgb`), plain (`info`) or gzipped (`comp`). */
const SIGNATURE = /^stealth_(png|rgb)(info|comp)$/;
const SIGNATURE_BYTES = 15;
const HEADER_BYTES = SIGNATURE_BYTES + 4;

export interface HidingPlace {
  width: number;
  height: number;
  /** RGB, row-major; what was stored, where no alpha was flattened. */
  rgb?: Uint8Array;
  alpha: Uint8Array | null;
}

type Channels = 'png' | 'rgb';

/**
 * Text written into the lowest bits of alpha, or of red, green and blue, column by column, most significant bit first:
 * signature, length in bits (32 bits), content. Null where there is none or it is broken; at most `maxBytes` expanded.
 */
export function readStealthText(place: HidingPlace, maxBytes: number): string | null {
  return (
    (place.alpha && readBits(place, place.alpha, 1, 'png', maxBytes)) ??
    (place.rgb ? readBits(place, place.rgb, 3, 'rgb', maxBytes) : null)
  );
}

function readBits(
  { width, height }: HidingPlace,
  samples: Uint8Array,
  perPixel: number,
  channels: Channels,
  maxBytes: number,
): string | null {
  const readBytes = (firstByte: number, count: number): Buffer => {
    const bytes = Buffer.alloc(count);
    const first = firstByte * 8;
    for (let i = 0; i < count * 8; i++) {
      const pixel = Math.floor((first + i) / perPixel);
      const at =
        ((pixel % height) * width + Math.floor(pixel / height)) * perPixel + ((first + i) % perPixel);
      bytes[i >> 3] = (bytes[i >> 3]! << 1) | (samples[at]! & 1);
    }
    return bytes;
  };
  const room = width * height * perPixel;
  if (room < HEADER_BYTES * 8) return null;
  const signature = SIGNATURE.exec(readBytes(0, SIGNATURE_BYTES).toString('latin1'));
  if (!signature || signature[1] !== channels) return null;
  const bits = readBytes(SIGNATURE_BYTES, 4).readUInt32BE(0);
  if (bits % 8 !== 0 || HEADER_BYTES * 8 + bits > room || bits / 8 > maxBytes) return null;
  const content = readBytes(HEADER_BYTES, bits / 8);
  try {
    return decodeBytes(
      signature[2] === 'comp' ? gunzipSync(content, { maxOutputLength: maxBytes }) : content,
    );
  } catch {
    return null;
  }
}

import { gunzipSync } from 'node:zlib';
import { decodeBytes } from './exif.ts';

/** How a picture's alpha plane hides text: `stealth_pnginfo` plain, `stealth_pngcomp` gzipped. */
const PLAIN = 'stealth_pnginfo';
const GZIPPED = 'stealth_pngcomp';
const SIGNATURE_BYTES = 15;

export interface AlphaPlane {
  width: number;
  height: number;
  alpha: Uint8Array;
}

/**
 * Text written into the lowest bits of alpha, column by column, most significant bit first: signature, length in bits
 * (32 bits), content. Null where there is none or it is broken; at most `maxBytes` expanded.
 */
export function readStealthText({ width, height, alpha }: AlphaPlane, maxBytes: number): string | null {
  const readBytes = (firstBit: number, count: number): Buffer => {
    const bytes = Buffer.alloc(count);
    let x = Math.floor(firstBit / height);
    let y = firstBit % height;
    for (let i = 0; i < count; i++) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit++) {
        byte = (byte << 1) | (alpha[y * width + x]! & 1);
        if (++y === height) {
          y = 0;
          x++;
        }
      }
      bytes[i] = byte;
    }
    return bytes;
  };
  const headerBytes = SIGNATURE_BYTES + 4;
  if (width * height < headerBytes * 8) return null;
  const signature = readBytes(0, SIGNATURE_BYTES).toString('latin1');
  if (signature !== PLAIN && signature !== GZIPPED) return null;
  const bits = readBytes(SIGNATURE_BYTES * 8, 4).readUInt32BE(0);
  if (bits % 8 !== 0 || headerBytes * 8 + bits > width * height || bits / 8 > maxBytes) return null;
  const content = readBytes(headerBytes * 8, bits / 8);
  try {
    return decodeBytes(signature === GZIPPED ? gunzipSync(content, { maxOutputLength: maxBytes }) : content);
  } catch {
    return null;
  }
}

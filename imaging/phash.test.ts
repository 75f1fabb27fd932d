import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './limits.ts';
import { hashGrey32, perceptualHash } from './phash.ts';
import { decodePixels } from './pixels.ts';
import { patternRgb } from './testing/build.ts';
import { sharedData } from './testing/shared.ts';

/** Number of differing bits, 0..64, of two 16-digit hashes. */
function hamming(a: string, b: string): number {
  let difference = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let bits = 0;
  for (; difference > 0n; difference &= difference - 1n) bits += 1;
  return bits;
}

const shared = sharedData('near-duplicates');

async function hashOfFile(name: string): Promise<string> {
  const read = await decodePixels(readFileSync(path.join(shared.folder, name)), DEFAULT_LIMITS);
  if (!read.ok) throw new Error(read.detail);
  return perceptualHash(read.pixels);
}

describe('hashGrey32', () => {
  // imagehash at commit 4e289eb.
  it('equals imagehash', () => {
    const ramp = Uint8Array.from({ length: 1024 }, (_, i) => 4 * ((i % 32) + Math.floor(i / 32)));
    const scattered = Uint8Array.from({ length: 1024 }, (_, i) => (i * 37) % 256);
    expect(hashGrey32(ramp)).toBe('8000000000000000');
    expect(hashGrey32(scattered)).toBe('8014ff10ff10ff1a');
  });

  it('gives flat pictures one stable hash instead of rounding noise', () => {
    for (const level of [1, 100, 141, 255]) {
      expect(hashGrey32(new Uint8Array(1024).fill(level))).toBe('8000000000000000');
    }
  });
});

describe('perceptualHash', () => {
  it('does not change with size', () => {
    const small = perceptualHash({ rgb: patternRgb(32, 32), width: 32, height: 32, alpha: null });
    const rgb = new Uint8Array(96 * 96 * 3);
    const source = patternRgb(32, 32);
    for (let i = 0; i < 96 * 96; i++) {
      const from = (Math.floor(i / 96 / 3) * 32 + Math.floor((i % 96) / 3)) * 3;
      rgb.set(source.subarray(from, from + 3), i * 3);
    }
    expect(hamming(small, perceptualHash({ rgb, width: 96, height: 96, alpha: null }))).toBeLessThanOrEqual(
      4,
    );
  });

  it.skipIf(shared.isAbsent)(
    `finds re-encoded, grey and resized copies, not rotated ones${shared.reason}`,
    async () => {
      const original = await hashOfFile('ukbench00120.jpg');
      const distances: Record<string, number> = {};
      for (const variant of ['gray', 'hflip', 'resize', 'rotation']) {
        distances[variant] = hamming(original, await hashOfFile(`ukbench00120_${variant}.jpg`));
      }
      distances['webp'] = hamming(
        await hashOfFile('ukbench09380.jpg'),
        await hashOfFile('ukbench09380.webp'),
      );
      distances['other picture'] = hamming(original, await hashOfFile('ukbench09268.jpg'));
      expect(distances['gray']).toBeLessThanOrEqual(4);
      expect(distances['resize']).toBeLessThanOrEqual(4);
      expect(distances['webp']).toBeLessThanOrEqual(4);
      expect(distances['hflip']).toBeGreaterThan(16);
      expect(distances['rotation']).toBeGreaterThan(16);
      expect(distances['other picture']).toBeGreaterThan(16);
    },
  );
});

describe('hamming', () => {
  it('counts differing bits', () => {
    expect(hamming('8000000000000000', '8000000000000000')).toBe(0);
    expect(hamming('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hamming('8000000000000001', '0000000000000003')).toBe(2);
  });
});

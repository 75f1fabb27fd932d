import { describe, expect, it } from 'vitest';
import { mirroredSignatureDistance, signatureDistance, signatureOf } from './compare.ts';
import { patternRgb } from './testing/build.ts';

function mirror(rgb: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let i = 0; i < rgb.length / 3; i++) {
    const x = i % width;
    const from = (i - x + width - 1 - x) * 3;
    out.set(rgb.subarray(from, from + 3), i * 3);
  }
  return out;
}

describe('signatures', () => {
  const rgb = patternRgb(64, 48);
  const signature = signatureOf({ rgb, width: 64, height: 48, alpha: null });
  const mirrored = signatureOf({ rgb: mirror(rgb, 64), width: 64, height: 48, alpha: null });

  it('are 32 x 32 RGB', () => {
    expect(signature.length).toBe(3072);
  });

  it('differ by the mean absolute level', () => {
    expect(signatureDistance(signature, signature)).toBe(0);
    expect(signatureDistance(new Uint8Array(3072), new Uint8Array(3072).fill(10))).toBe(10);
    expect(signatureDistance(new Uint8Array(3072), new Uint8Array(3072).fill(255))).toBe(255);
  });

  it('recognise a mirrored picture, and only by the mirrored distance', () => {
    expect(mirroredSignatureDistance(signature, mirrored)).toBe(0);
    expect(signatureDistance(signature, mirrored)).toBeGreaterThan(10);
    expect(mirroredSignatureDistance(signature, signature)).toBeGreaterThan(10);
  });
});

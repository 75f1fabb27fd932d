import { describe, expect, it } from 'vitest';
import { isSignature, signatureOf, tensorOf } from './renditions.ts';
import { patternRgb } from './testing/build.ts';
import type { InputGeometry } from './types.ts';

describe('signatures', () => {
  const pixels = { rgb: patternRgb(64, 48), width: 64, height: 48, alpha: null };
  const geometry: InputGeometry = { width: 32, height: 32, fit: 'squash', kernel: 'area' };

  it('are 32 x 32 RGB', () => {
    expect(signatureOf(pixels).length).toBe(3072);
  });

  it('are what a model of the same geometry gets, and no other model', async () => {
    const signature = signatureOf(pixels);
    expect(await tensorOf(pixels, geometry, signature)).toEqual(signature);
    expect(isSignature(geometry)).toBe(true);
    for (const other of [{ width: 31 }, { height: 64 }, { fit: 'cover' }, { kernel: 'bicubic' }] as const)
      expect(isSignature({ ...geometry, ...other })).toBe(false);
  });
});

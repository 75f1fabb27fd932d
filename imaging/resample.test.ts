import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';
import { patternRgb } from './testing/build.ts';

// Results of Pillow 9.4.0: `resize` with BICUBIC, of patternRgb.
const TINY_BICUBIC = [
  34, 15, 43, 45, 48, 50, 54, 67, 58, 45, 28, 49, 48, 49, 56, 60, 62, 58, 66, 50, 61, 54, 52, 68, 72, 55, 60,
  71, 51, 70, 66, 58, 73, 74, 63, 76, 67, 48, 68, 74, 65, 73, 76, 75, 92, 55, 54, 42, 69, 73, 66, 92, 80, 96,
  47, 58, 27, 65, 77, 62, 101, 82, 96,
];
const SHA256 = {
  bicubic97x211to29x64: 'b3e59c8ac1ef3328fc9b4be8e2a34e8a040a7db5701184ec699b5d1f63a6882d',
  bicubic300x7to64x7: 'b50ee9049166ea0695ee2c6f8e2aa3922d5b19916704f100ebf5bb51fbc42022',
};

describe('resample', () => {
  it('equals Pillow on a picture small enough to look at', () => {
    const rgb = patternRgb(5, 4);
    expect([...resample(rgb, 5, 4, 3, 3, 7)]).toEqual(TINY_BICUBIC);
  });

  it('equals Pillow bit for bit when reducing both axes', () => {
    const rgb = patternRgb(97, 211);
    const bicubic = resample(rgb, 97, 211, 3, 29, 64);
    expect(hash('sha256', bicubic)).toBe(SHA256.bicubic97x211to29x64);
  });

  it('leaves an axis of unchanged size alone', () => {
    const wide = resample(patternRgb(300, 7), 300, 7, 3, 64, 7);
    expect(hash('sha256', wide)).toBe(SHA256.bicubic300x7to64x7);
    const same = patternRgb(9, 9);
    expect(resample(same, 9, 9, 3, 9, 9)).toEqual(same);
  });
});

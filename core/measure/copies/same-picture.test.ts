import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../base/numeric/random.ts';
import { isNearCopy, likeness, nearCopyRule, samePicture } from './same-picture.ts';

const SIDE = 32;

/** A smooth picture: sums of waves, moved by (dx, dy) signature pixels, times gain, plus noise. */
function signature(seed: number, { dx = 0, dy = 0, gain = 1, offset = 0, noise = 0 } = {}): Uint8Array {
  const random = mulberry32(seed);
  const waves = Array.from({ length: 6 }, () => ({
    fx: random() - 0.5,
    fy: random() - 0.5,
    phase: 6 * random(),
    channel: random(),
  }));
  const grain = mulberry32(seed + 1000);
  const out = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      for (let c = 0; c < 3; c++) {
        const value = waves.reduce(
          (sum, wave) =>
            sum + 14 * Math.sin(wave.fx * (x + dx) + wave.fy * (y + dy) + wave.phase + c * wave.channel),
          120,
        );
        out[(y * SIDE + x) * 3 + c] = Math.max(
          0,
          Math.min(255, Math.round(gain * value + offset + noise * (grain() - 0.5))),
        );
      }
  return out;
}

describe('samePicture', () => {
  test.each([
    ['itself', {}],
    ['brighter', { gain: 1.05, offset: 4 }],
    ['shifted by a third of a pixel', { dx: 0.3, dy: -0.2 }],
    ['with the noise of an encoder', { noise: 6 }],
    ['all of it', { gain: 0.97, dx: 0.2, noise: 4 }],
  ])('finds the same picture: %s', (_, change) => {
    for (let seed = 1; seed <= 20; seed++)
      expect(samePicture(signature(seed), signature(seed, change))).toBeGreaterThan(0.98);
  });

  test('takes no other picture for it, a shift by pixels neither', () => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(samePicture(signature(seed), signature(seed + 50))).toBeNull();
      expect(samePicture(signature(seed), signature(seed, { dx: 8, dy: 6 }))).toBeNull();
    }
  });

  test('does not take two dark pictures for one because both are dark', () => {
    const dark = (seed: number): Uint8Array => signature(seed, { gain: 0.04 });
    expect(likeness(dark(1), dark(2)).residual).toBeLessThan(3);
    expect(samePicture(dark(1), dark(2))).toBeNull();
  });

  test('copes with flat pictures', () => {
    const flat = (level: number): Uint8Array => new Uint8Array(SIDE * SIDE * 3).fill(level);
    expect(samePicture(flat(10), flat(12))).toBe(1);
    expect(samePicture(flat(10), signature(3))).toBeNull();
    expect(samePicture(signature(3), flat(120))).toBeNull();
  });
});

const usually = (residual: number): number[] => Array<number>(100).fill(residual);

test('what is alike where images differ is ordinary where all are alike', () => {
  const pair = { residual: 2.5, explained: 0.99 };
  expect(isNearCopy(pair, nearCopyRule(usually(20)))).toBe(true);
  expect(isNearCopy(pair, nearCopyRule(usually(4)))).toBe(false);
});

test('stays between one level and eight, whatever is usual', () => {
  expect(nearCopyRule(usually(0.1)).largestResidual).toBe(1);
  expect(nearCopyRule(usually(90)).largestResidual).toBe(8);
  expect(nearCopyRule(usually(Infinity)).largestResidual).toBe(8);
  expect(nearCopyRule(usually(10)).largestResidual).toBeCloseTo(3.5, 12);
});

test('takes the plain rule where there are too few images to know what is usual', () => {
  expect(nearCopyRule([20, 20])).toEqual({ largestResidual: 3, leastExplained: 0.98 });
});

test('asks for a picture that is explained, not only for few levels', () => {
  expect(isNearCopy({ residual: 0.5, explained: 0.5 }, nearCopyRule(usually(20)))).toBe(false);
});

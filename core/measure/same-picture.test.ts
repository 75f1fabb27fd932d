import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../base/numeric/random.ts';
import { likeness, samePicture } from './same-picture.ts';

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

import { describe, expect, test } from 'vitest';
import { mulberry32, gaussian } from '../../base/numeric/random.ts';
import { damageChance, fitDamage } from './damage-model.ts';

const rows = (values: number[][]): Float64Array[] => values.map((row) => Float64Array.from(row));
const random = mulberry32(7);
/** Rows of two numbers: the first tells, the second does not. */
const drawn = (n: number, mean: number): Float64Array[] =>
  Array.from({ length: n }, () => Float64Array.of(mean + gaussian(random), gaussian(random)));

describe('the chance of damage', () => {
  test('is 5 % times the ratio of the densities, of two groups that a sign tells apart by half', () => {
    // Of the spoilt 3 in 4 show the sign, of the batch 1 in 4: the ratio is 3 with it and 1 / 3 without, and the
    // penalty of 1 beside a weight of 1,000 moves that by less than a hundredth.
    const coefficients = fitDamage(rows([[1], [1], [1], [0]]), rows([[1], [0], [0], [0]]));
    expect(damageChance(coefficients, Float64Array.of(1))).toBeCloseTo(0.05 * 3, 2);
    expect(damageChance(coefficients, Float64Array.of(0))).toBeCloseTo(0.05 / 3, 2);
  });

  test('sums up to one in twenty of any batch, however many copies there are', () => {
    const batch = drawn(300, 0);
    for (const copies of [30, 400]) {
      const coefficients = fitDamage(drawn(copies, 1), batch);
      const sum = batch.reduce((so, signs) => so + damageChance(coefficients, signs), 0);
      expect(sum / batch.length).toBeGreaterThan(0.035);
      expect(sum / batch.length).toBeLessThan(0.065);
    }
  });

  test('is right about a batch of which one image in twenty is spoilt as the copies are', () => {
    const [sound, faulty] = [drawn(1900, 0), drawn(100, 3)];
    const coefficients = fitDamage(drawn(200, 3), [...sound, ...faulty]);
    const mean = (some: Float64Array[]): number =>
      some.reduce((so, signs) => so + damageChance(coefficients, signs), 0) / some.length;
    expect(mean(faulty)).toBeGreaterThan(0.55);
    expect(mean(sound)).toBeLessThan(0.03);
  });

  test('rises with a sign that tells, and says the usual share where none does', () => {
    const batch = drawn(300, 0);
    const telling = fitDamage(drawn(100, 2), batch);
    const chances = [-2, -1, 0, 1, 2, 3].map((sign) => damageChance(telling, Float64Array.of(sign, 0)));
    expect(chances).toEqual(chances.toSorted((a, b) => a - b));
    const silent = fitDamage(rows([[0], [0]]), rows([[0], [0], [0]]));
    expect(damageChance(silent, Float64Array.of(0))).toBeCloseTo(0.05, 6);
  });

  test('is a number from 0 to .98, whatever the signs, and from one copy and one image', () => {
    for (const [spoilt, batch] of [
      [drawn(1, 5), drawn(1, 0)],
      [drawn(50, 50), drawn(50, 0)],
    ] as const) {
      const coefficients = fitDamage(spoilt, batch);
      for (const sign of [-1000, -1, 0, 1, 1000]) {
        const chance = damageChance(coefficients, Float64Array.of(sign, -sign));
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(0.98);
      }
    }
  });
});

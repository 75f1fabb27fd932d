import { expect, test } from 'vitest';
import { Random } from './random.ts';

test('the same key yields the same numbers, neighbouring keys unrelated ones', () => {
  const draw = (...key: (string | number)[]): number[] => {
    const random = new Random(...key);
    return Array.from({ length: 50 }, () => random.next());
  };
  expect(draw(1, 'real', 7)).toEqual(draw(1, 'real', 7));
  const firsts = new Set(Array.from({ length: 2000 }, (_, i) => draw(1, 'real', i)[0]));
  expect(firsts.size).toBeGreaterThan(1990);
});

test('a hundred thousand images have as many different starts', () => {
  const starts = new Set<string>();
  for (let i = 0; i < 100_000; i++) {
    const random = new Random(1, 'synthetic', i, 'scene');
    starts.add(`${random.next()} ${random.next()}`);
  }
  expect(starts.size).toBe(100_000);
});

test('uniform and normal numbers have the moments of their distributions', () => {
  const random = new Random('moments');
  const moments = (draw: () => number): [number, number] => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  };
  // Five standard errors of 20,000 draws.
  const [uniformMean, uniformVariance] = moments(() => random.next());
  expect(Math.abs(uniformMean - 0.5)).toBeLessThan(0.011);
  expect(Math.abs(uniformVariance - 1 / 12)).toBeLessThan(0.003);
  for (const draw of [(): number => random.normal(), (): number => random.grain()]) {
    const [mean, variance] = moments(draw);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(variance - 1)).toBeLessThan(0.1);
  }
});

test('a shuffle keeps every entry and does not change its argument', () => {
  const list = Array.from({ length: 100 }, (_, i) => i);
  const shuffled = new Random('shuffle').shuffle(list);
  expect(shuffled).not.toEqual(list);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(list);
  expect(list[0]).toBe(0);
});

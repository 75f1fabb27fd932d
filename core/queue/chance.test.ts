import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../base/numeric/random.ts';
import { faultChances, usualChances } from './chance.ts';
import { learnChances } from './learnt-chances.ts';

/** Standard normal values, by Box and Muller. */
function normal(n: number, seed: number, shift = 0): Float64Array {
  const random = mulberry32(seed);
  return Float64Array.from(
    { length: n },
    () => shift + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

describe('chances of a fault from outlyingness', () => {
  test('are near 0 where candidates are as outlying as real images', () => {
    const chances = faultChances(normal(2000, 1), normal(600, 2));
    expect(sum(chances)).toBeLessThan(20);
  });

  test('say how many of the most outlying are faulty', () => {
    const values = normal(2000, 3);
    for (let i = 0; i < 40; i++) values[i] = 5 + (i % 5);
    const chances = faultChances(values, normal(600, 4));
    expect(sum(chances.subarray(0, 40))).toBeGreaterThan(34);
    expect(sum(chances.subarray(40))).toBeLessThan(20);
  });

  test('are modest where faults and sound images overlap, and right on average', () => {
    const values = normal(4000, 5);
    const faults = normal(200, 6, 2.5);
    values.set(faults);
    const chances = faultChances(values, normal(2000, 7));
    const sure = [...chances.keys()].filter((i) => chances[i]! > 0.2);
    const faulty = sure.filter((i) => i < 200).length;
    expect(sum(sure.map((i) => chances[i]!)) / faulty).toBeGreaterThan(0.75);
    expect(sum(sure.map((i) => chances[i]!)) / faulty).toBeLessThan(1.35);
  });

  test('do not take a shift of all candidates for faults', () => {
    const chances = faultChances(normal(2000, 8, 3), normal(600, 9));
    expect(sum(chances)).toBeLessThan(40);
  });

  test('never rise as outlyingness falls, and are 0 for the unknown', () => {
    const values = normal(500, 10);
    values[3] = Number.NaN;
    values[4] = 9;
    const chances = faultChances(values, normal(100, 11));
    const order = [...values.keys()].filter((i) => i !== 3).sort((a, b) => values[b]! - values[a]!);
    const inOrder = order.map((i) => chances[i]!);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
    expect(chances[3]).toBe(0);
    expect([...faultChances(new Float64Array([1, 9]), new Float64Array([0]))]).toEqual([0, 0]);
  });
});

describe('chances that learn from decisions', () => {
  const none = () => new Float64Array(100);
  const start = {
    'suspect-label': none(),
    uncertain: none(),
    novel: none(),
    damaged: new Float64Array(100).fill(0.6),
  };

  test('fall where nothing is found, and stay where as much is found as expected', () => {
    const sound = new Map(Array.from({ length: 20 }, (_, i) => [i, false]));
    expect(learnChances(start, sound).damaged[50]).toBeLessThan(0.12);
    const asExpected = new Map(Array.from({ length: 20 }, (_, i) => [i, i < 12]));
    expect(learnChances(start, asExpected).damaged[50]).toBeCloseTo(0.6, 2);
  });

  test('are as they were without decisions', () => {
    expect(learnChances(start, new Map())).toEqual(start);
  });
});

describe('chances before a batch has shown anything', () => {
  test('fall with the rank, in proportion to the weight', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1000 - i);
    const chances = usualChances(values, 1);
    for (let i = 1; i < 1000; i++) expect(chances[i]).toBeLessThan(chances[i - 1]!);
    // Half of .3 is left at the 50th of 1,000 less one half: a share of .02.
    expect(chances[19]! + chances[20]!).toBeCloseTo(0.3, 2);
    expect(usualChances(values, 0.5)[7]).toBeCloseTo(chances[7]! / 2, 12);
  });

  test('are 0 for images without a value', () => {
    expect([...usualChances(Float64Array.of(Number.NaN, 3, -Infinity), 1)].map((c) => c > 0)).toEqual([
      false,
      true,
      false,
    ]);
  });
});

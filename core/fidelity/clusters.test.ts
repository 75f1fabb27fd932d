import { expect, test } from 'vitest';
import { mulberry32 } from '../base/numeric/random.ts';
import { gTest, massOver } from './clusters.ts';

test('G of a table that is worked out by hand, and its p-value', () => {
  // 10 and 20 of 30, 20 and 10 of 30: every expected count is 15.
  const first = Int32Array.from({ length: 30 }, (_, i) => (i < 10 ? 0 : 1));
  const second = Int32Array.from({ length: 30 }, (_, i) => (i < 20 ? 0 : 1));
  const { g, p } = gTest(first, second, 2, mulberry32(1));
  expect(g).toBeCloseTo(2 * (20 * Math.log(10 / 15) + 40 * Math.log(20 / 15)), 12);
  // Fisher's exact two-sided p is .0195; permutations split as it does.
  expect(p).toBeGreaterThan(0.005);
  expect(p).toBeLessThan(0.04);
});

test('sides that lie alike have no G and a p-value of 1', () => {
  const same = Int32Array.from([0, 0, 1, 2]);
  expect(gTest(same, same, 3, mulberry32(1))).toEqual({ g: 0, p: 1 });
});

test('p-values of sides that are drawn alike are spread evenly', () => {
  const random = mulberry32(2);
  const draw = (): Int32Array => Int32Array.from({ length: 40 }, () => Math.floor(random() ** 2 * 6));
  let small = 0;
  for (let round = 0; round < 100; round++) if (gTest(draw(), draw(), 6, random).p <= 0.2) small++;
  expect(small).toBeGreaterThan(8);
  expect(small).toBeLessThan(33);
});

test('shared mass, and mass in the rare clusters', () => {
  const clusters = { count: 3, rare: Uint8Array.from([0, 0, 1]) };
  const first = Int32Array.from([0, 0, 0, 0, 0, 1, 1, 1, 2, 2]);
  const second = Int32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
  const { overlap, rareRatio } = massOver(clusters, first, second);
  expect(overlap).toBeCloseTo(0.5 + 0.1 + 0.1, 12);
  expect(rareRatio).toBeCloseTo(0.5, 12);
  expect(massOver({ count: 3, rare: new Uint8Array(3) }, first, second).rareRatio).toBeNaN();
});

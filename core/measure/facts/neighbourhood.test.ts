import { expect, test } from 'vitest';
import type { Neighbours } from '../../../models/types.ts';
import { drawPool, labelAgreement, meanDistance, nearestDistance } from './neighbourhood.ts';

const neighbours: Neighbours = {
  k: 3,
  index: Int32Array.of(0, 1, 2, 3, 4, -1, -1, -1, -1, 4, 4, 4),
  distance: Float32Array.of(1, 2, 6, 0.5, 1.5, Infinity, Infinity, Infinity, Infinity, 1, 1, 1),
};

test('mean distances leave out neighbours that are not there', () => {
  expect([...meanDistance(neighbours)]).toEqual([3, 1, Number.NaN, 1]);
});

test('the nearest distance is NaN without neighbours', () => {
  expect([...nearestDistance(neighbours)]).toEqual([1, 0.5, Number.NaN, 1]);
});

test('agreement counts labelled neighbours only', () => {
  const poolLabels = Int32Array.of(7, 7, 5, 7, -1);
  expect([...labelAgreement(neighbours, poolLabels, Int32Array.of(7, 5, 7, 7))]).toEqual([
    2 / 3,
    0,
    Number.NaN,
    Number.NaN,
  ]);
  expect(labelAgreement(neighbours, poolLabels, Int32Array.of(-1, 7, 7, 7))[0]).toBeNaN();
});

test('the pool holds a small batch whole and a sample of a large one', () => {
  expect([...drawPool(4, 1)]).toEqual([0, 1, 2, 3]);
  const sample = drawPool(100_000, 1);
  expect(sample).toHaveLength(20_000);
  expect(new Set(sample).size).toBe(20_000);
  expect(sample).toEqual(drawPool(100_000, 1));
  expect(sample).not.toEqual(drawPool(100_000, 2));
  expect(sample.every((row, i) => i === 0 || row > sample[i - 1]!)).toBe(true);
});

import { expect, test } from 'vitest';
import { itemsOf, shareOf } from './budget.ts';

test('8 % of 50,000 are 4,000 images, and the other way round', () => {
  expect(itemsOf(0.08, 50_000)).toBe(4000);
  expect(shareOf(4000, 50_000)).toBe(0.08);
});

test('a share of few is at least one, and never more than there are', () => {
  expect([itemsOf(0.001, 10), itemsOf(1, 10), itemsOf(0.5, 0)]).toEqual([1, 10, 0]);
  expect([shareOf(20, 10), shareOf(5, 0)]).toEqual([1, 0]);
});

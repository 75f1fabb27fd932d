import { expect, test } from 'vitest';
import { itemsOf, shareOf } from './queue.ts';

test('8 % of 50,000 are 4,000 images, and vice versa', () => {
  expect(itemsOf({ share: 0.08 }, 50_000)).toBe(4000);
  expect(shareOf(4000, 50_000)).toBe(0.08);
});

test('a share of few images is at least one and at most all', () => {
  const items = (share: number, candidates: number): number => itemsOf({ share }, candidates);
  expect([items(0.001, 10), items(1, 10), items(0.5, 0)]).toEqual([1, 10, 0]);
  expect([shareOf(20, 10), shareOf(5, 0)]).toEqual([1, 0]);
});

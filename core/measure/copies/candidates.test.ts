import { expect, test } from 'vitest';
import { Candidates } from './candidates.ts';

test('keeps the nearest of each query, nearest first, in whatever order they are offered', () => {
  const near = new Candidates(2, 3);
  for (const [id, distance] of [
    [7, 0.5],
    [8, 0.1],
    [9, 0.4],
    [10, 0.3],
    [11, 0.9],
  ] as const)
    near.offer(1, id, distance);
  near.offer(0, 4, 0.2);
  expect(near.of(1)).toEqual([8, 10, 9]);
  expect(near.of(0)).toEqual([4]);
});

import { expect, test } from 'vitest';
import { openHuge } from '../../test/support/open-huge.ts';
import { NeighbourSearch } from './neighbours.ts';

test('a project that does not fit is compared with its real images and an even sample of the others', async () => {
  const { store } = await openHuge(1000);
  const isReal = (id: number): boolean => id <= 30;
  const bytesOf = (images: number): number => images * 8 * 4;
  const all = await new NeighbourSearch(store).nearest(500, 8, isReal);
  const some = await new NeighbourSearch(store, bytesOf(130)).nearest(500, 8, isReal);
  expect([all.among, some.among]).toEqual([1000, 130]);
  expect(some.real).toEqual(all.real);
  const best = new Set(all.any.map(({ id }) => id));
  for (const { id, similarity } of some.any)
    expect(best.has(id) || similarity <= all.any.at(-1)!.similarity).toBe(true);
  const few = await new NeighbourSearch(store, bytesOf(10)).nearest(500, 8, isReal);
  expect(few.any.every(({ id }) => isReal(id))).toBe(true);
});

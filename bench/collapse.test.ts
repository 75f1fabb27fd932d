import { expect, test } from 'vitest';
import { runGenerations } from './collapse-toy.ts';

/** Of the seeds that the threshold was not chosen on. */
const SEED = 2;

test('a generator that is fed its own output raises the alarm by its third generation; with a third of real images it does not', async () => {
  const [fed, anchored] = [
    await runGenerations(SEED, 'gaussians', 'own output'),
    await runGenerations(SEED, 'gaussians', 'a third real'),
  ];
  expect(fed.first).toBe(3);
  expect(anchored.first).toBeNull();
  // Lying outside what real images give is no alarm: both do.
  expect([fed.isOutside, anchored.isOutside]).toEqual([true, true]);
});

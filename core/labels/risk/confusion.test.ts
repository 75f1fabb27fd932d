import { expect, test } from 'vitest';
import { confusionOf } from './learn.ts';

test('a group that surprised again and again is expected to surprise', () => {
  const decided = [1, 2, 3, 4, 5].map((row) => ({ row, surprise: 0.8 }));
  const confusion = confusionOf(8, (row) => (row < 7 ? 'a' : 'b'), decided);
  expect(confusion[0]).toBeCloseTo(4 / 10, 12);
  // Its own decision is left out of what an image is judged by.
  expect(confusion[1]).toBeCloseTo(3.2 / 9, 12);
  expect(confusion[7]).toBe(0);
});

test('one decision proves little, and says nothing of its own image', () => {
  const confusion = confusionOf(2, () => 'a', [{ row: 0, surprise: 1 }]);
  expect([...confusion]).toEqual([0, 1 / 6]);
});

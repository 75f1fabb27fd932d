import { expect, test } from 'vitest';
import { areaPath, heights, linePath } from './histogram-paths.ts';

test('the largest bin is the highest, a quarter of it half as high, and a single image is seen', () => {
  expect(heights([0, 400, 100])).toEqual([0, 94, 47]);
  expect(heights([1, 1_000_000])[0]).toBe(4);
});

test('sets of very different sizes are as high as each other', () => {
  expect(heights([3, 12])).toEqual(heights([30_000, 120_000]));
});

test('bars touch; an empty set has no outline', () => {
  expect(areaPath([0, 5])).toBe('M0 100V100H1V6H2V100Z');
  expect(linePath([0, 5])).toBe('M0 100H1V6H2');
  expect(linePath([0, 0])).toBe('');
});

import { expect, test } from 'vitest';
import { isNearCopy, nearCopyRule } from './copies.ts';

const usually = (residual: number): number[] => Array<number>(100).fill(residual);

test('what is alike where images differ is ordinary where all are alike', () => {
  const pair = { residual: 2.5, explained: 0.99 };
  expect(isNearCopy(pair, nearCopyRule(usually(20)))).toBe(true);
  expect(isNearCopy(pair, nearCopyRule(usually(4)))).toBe(false);
});

test('stays between one level and eight, whatever is usual', () => {
  expect(nearCopyRule(usually(0.1)).largestResidual).toBe(1);
  expect(nearCopyRule(usually(90)).largestResidual).toBe(8);
  expect(nearCopyRule(usually(Infinity)).largestResidual).toBe(8);
  expect(nearCopyRule(usually(10)).largestResidual).toBeCloseTo(3.5, 12);
});

test('takes the plain rule where there are too few images to know what is usual', () => {
  expect(nearCopyRule([20, 20])).toEqual({ largestResidual: 3, leastExplained: 0.98 });
});

test('asks for a picture that is explained, not only for few levels', () => {
  expect(isNearCopy({ residual: 0.5, explained: 0.5 }, nearCopyRule(usually(20)))).toBe(false);
});

import { describe, expect, test } from 'vitest';
import { thresholdsOf } from './alignment-report.ts';

const tens = [0.9, 0.1, 0.5, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6, 1, 0];

describe('thresholdsOf', () => {
  test('is the percentile of the class, between ranks in a straight line', () => {
    expect(thresholdsOf([tens], 5)[0]!.value).toBeCloseTo(0.05, 12);
    expect(thresholdsOf([tens], 25)[0]).toEqual({ value: 0.25, pooled: false });
    expect(thresholdsOf([tens], 0)[0]!.value).toBe(0);
  });

  test('is that of all classes for a class with fewer than five', () => {
    const [first, second, third] = thresholdsOf([tens, [5, 5, 5, 5], [2, 2, 2, 2, 2]], 50);
    expect(first).toEqual({ value: 0.5, pooled: false });
    expect(second!.pooled).toBe(true);
    expect(second!.value).toBeCloseTo(0.95, 12);
    expect(third).toEqual({ value: 2, pooled: false });
  });

  test('is none where there are fewer than five in all', () => {
    const none = { value: Number.NaN, pooled: true };
    expect(thresholdsOf([[1, 2], [3, 4], []], 5)).toEqual([none, none, none]);
  });
});

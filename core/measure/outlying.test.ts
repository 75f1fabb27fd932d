import { expect, test } from 'vitest';
import { outlying, outlyingWithin, suspicion } from './outlying.ts';

/** 101 values from 0 to 1: median .5, quartiles .25 and .75. */
const even = Float64Array.from({ length: 101 }, (_, i) => i / 100);

test('counts robust standard deviations from the median', () => {
  const [z] = outlying(Float64Array.of(2), even, 0.01);
  expect(z).toBeCloseTo((2 - 0.5) / (0.5 / 1.349), 12);
});

test('uses the set in which a value is more usual', () => {
  const far = even.map((value) => value + 10);
  const z = outlying(far, even, 0.01);
  expect(Math.max(...z)).toBeLessThan(2);
});

test('ignores a difference smaller than the step', () => {
  const same = new Float64Array(50).fill(0.5);
  const [one, another] = outlying(Float64Array.of(0.51, 0.9), same, 0.02);
  expect(one).toBeCloseTo(0.5, 12);
  expect(another).toBe(10);
});

test('returns NaN without usual values and for a missing value', () => {
  expect(outlying(Float64Array.of(3), [1, 2], 0.1)[0]).toBeNaN();
  expect(outlying(Float64Array.of(Number.NaN), even, 0.1)[0]).toBeNaN();
});

test('suspicion begins at two spreads', () => {
  const [none, half, most, unknown] = suspicion(Float64Array.of(2, 4, 10, Number.NaN));
  expect([none, half, most]).toEqual([0, 0.5, 0.8]);
  expect(unknown).toBeNaN();
});

test('a value that is usual for its own class is usual, however rare the class', () => {
  const values = Float64Array.from({ length: 130 }, (_, i) => (i < 100 ? i / 100 : 9 + (i - 100) / 30));
  const ofValues = Int32Array.from(values, (_, i) => (i < 100 ? 0 : 1));
  const classes = { ofValues, ofReal: Array.from(even, () => 0) };
  expect(Math.max(...outlying(values, even, 0.01))).toBeGreaterThan(4);
  expect(Math.max(...outlyingWithin(values, even, 0.01, classes))).toBeLessThan(2.1);
  // A small class has no usual values of its own; images without a class are compared with everything.
  const few = { ofValues: Int32Array.from(values, (_, i) => i), ofReal: [] };
  expect(outlyingWithin(values, even, 0.01, few)).toEqual(outlying(values, even, 0.01));
  const none = { ofValues: values.map(() => -1), ofReal: [] };
  expect(outlyingWithin(values, even, 0.01, none)).toEqual(outlying(values, even, 0.01));
});

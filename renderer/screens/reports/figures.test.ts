import { expect, test } from 'vitest';
import { figure, placesOn } from './figures.ts';

test('figures have three digits, very small ones a power of ten, missing ones a dash', () => {
  expect([0, 0.1234, 1234.5, -2, 0.000123, null].map(figure)).toEqual([
    '0',
    '0.123',
    '1230',
    '-2',
    '1.2e-4',
    '–',
  ]);
});

test('places hold every value with room at both ends', () => {
  const place = placesOn([2, 4, 3]);
  expect([2, 3, 4].map((value) => Number(place(value).toFixed(4)))).toEqual([0.04, 0.5, 0.96]);
  expect(placesOn([7, 7])(7)).toBe(0.5);
});

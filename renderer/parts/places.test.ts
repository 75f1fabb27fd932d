import { expect, test } from 'vitest';
import { placesOn } from './places.ts';

test('places hold every value with room at both ends', () => {
  const place = placesOn([2, 4, 3]);
  expect([2, 3, 4].map((value) => Number(place(value).toFixed(4)))).toEqual([0.04, 0.5, 0.96]);
  expect(placesOn([7, 7])(7)).toBe(0.5);
});

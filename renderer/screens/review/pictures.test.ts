import { expect, test } from 'vitest';
import { affordable } from './pictures.ts';

const megapixel = { width: 1000, height: 1000 };
const six = Array.from({ length: 6 }, () => megapixel);

test('small images are all held', () => {
  expect(affordable(six, 100e6)).toBe(6);
});

test('large images are held as far as the budget goes, the present and the next one always', () => {
  expect(affordable(six, 13e6)).toBe(3);
  expect(affordable(six, 1)).toBe(2);
  expect(affordable([], 1)).toBe(0);
});

import { expect, test } from 'vitest';
import { AS_IT_IS, lightTable, lightWords, litLevel } from './light.ts';

test('as it is, every level stays; black and white stay under any gamma', () => {
  for (const level of [0, 0.2, 0.5, 1]) expect(litLevel(level, AS_IT_IS)).toBeCloseTo(level, 12);
  for (const gamma of [-12, 12]) {
    expect(litLevel(0, { ...AS_IT_IS, gamma })).toBe(0);
    expect(litLevel(1, { ...AS_IT_IS, gamma })).toBe(1);
  }
});

test('more gamma lightens the dark parts, more contrast spreads about the middle, and nothing leaves 0 to 1', () => {
  expect(litLevel(0.1, { ...AS_IT_IS, gamma: 5 })).toBeGreaterThan(0.3);
  expect(litLevel(0.5, { ...AS_IT_IS, contrast: 9 })).toBe(0.5);
  expect(litLevel(0.4, { ...AS_IT_IS, contrast: 5 })).toBeLessThan(0.32);
  expect(litLevel(0.9, { brightness: 12, contrast: 12, gamma: 0 })).toBe(1);
  const table = lightTable({ brightness: 2, contrast: 1, gamma: -3 }).split(' ').map(Number);
  expect(table).toHaveLength(256);
  expect(table).toEqual(table.toSorted((a, b) => a - b));
});

test('what is changed is said in words', () => {
  expect(lightWords(AS_IT_IS)).toBe('');
  expect(lightWords({ brightness: 2, contrast: 0, gamma: -1 })).toBe('Brightness +2, gamma −1');
});

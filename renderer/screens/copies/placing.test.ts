import { expect, test } from 'vitest';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import { inverseOf, outlineOn, placedOn } from './placing.ts';

const altered = (onto?: Alteration['onto']): Alteration => ({
  mirrored: false,
  turned: 0,
  cropped: 0,
  bordered: false,
  changed: 0,
  ...(onto && { onto }),
});
const shown = { width: 200, height: 100 };

test('lies as it is where nothing is known', () => {
  expect(placedOn(null, shown)).toBe('none');
  expect(placedOn(altered(), shown)).toBe('none');
  expect(placedOn(altered([1, 0, 2, 0, 0, 0]), shown)).toBe('none');
  expect(outlineOn(null)).toBe('polygon(0.00% 0.00%, 100.00% 0.00%, 100.00% 100.00%, 0.00% 100.00%)');
});

test('a crop shows its part of the original, which reaches beyond it', () => {
  const crop = altered([0.5, 0, 0, 0.5, 0.25, 0.25]);
  expect(placedOn(crop, shown)).toBe('matrix(2, 0, 0, 2, -100, -50)');
  expect(outlineOn(crop)).toMatch(/^polygon\(-50\.00% -50\.00%, 150\.00% -50\.00%/);
});

test('a quarter turn exchanges the sides', () => {
  // The copy's left edge, upwards, is the original's bottom edge.
  const [a, b, c, d, e, f] = placedOn(altered([0, -1, 1, 0, 0, 1]), shown)
    .replace(/^matrix\(|\)$/g, '')
    .split(', ')
    .map(Number) as [number, number, number, number, number, number];
  const at = (x: number, y: number): [number, number] => [a * x + c * y + e, b * x + d * y + f];
  // The original's upper left corner is the copy's upper right one.
  expect(at(0, 0)).toEqual([200, 0]);
  expect(at(200, 100)).toEqual([0, 100]);
});

test('there and back is where it was', () => {
  const onto: NonNullable<Alteration['onto']> = [0.6, -0.2, 0.3, 0.9, 0.1, 0.05];
  const back = inverseOf(onto)!;
  const through = ([a, b, c, d, e, f]: typeof onto, [x, y]: [number, number]): [number, number] => [
    a * x + c * y + e,
    b * x + d * y + f,
  ];
  const [x, y] = through(back, through(onto, [0.3, 0.7]));
  expect([x, y]).toEqual([expect.closeTo(0.3, 9), expect.closeTo(0.7, 9)]);
});

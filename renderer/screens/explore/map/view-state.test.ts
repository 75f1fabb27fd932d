import { expect, test } from 'vitest';
import { fitted, panned, radiusOf, toLayout, toScreen, zoomed } from './view-state.ts';

const size = { width: 800, height: 600 };
const bounds = { minX: -10, minY: 5, maxX: 30, maxY: 15 };
const fit = fitted(bounds, size);

test('all points are in sight, and the wider side decides', () => {
  expect(toLayout(fit, size, [400, 300])).toEqual([10, 10]);
  const [left] = toScreen(fit, size, [-10, 5]);
  const [right, bottom] = toScreen(fit, size, [30, 5]);
  expect([left, right].map(Math.round)).toEqual([32, 768]);
  expect(bottom).toBeGreaterThan(300);
});

test('pixels and places are each other’s inverse', () => {
  const [x, y] = toLayout(fit, size, toScreen(fit, size, [3.5, 12]));
  expect([x, y]).toEqual([expect.closeTo(3.5), expect.closeTo(12)]);
});

test('what is under the pointer stays there while zooming', () => {
  const at: [number, number] = [123, 456];
  const before = toLayout(fit, size, at);
  const after = toLayout(zoomed(fit, size, at, 2.5, fit), size, at);
  expect(after).toEqual([expect.closeTo(before[0]), expect.closeTo(before[1])]);
});

test('zooming ends before everything is a dot and before numbers run out', () => {
  expect(zoomed(fit, size, [0, 0], -50, fit).zoom).toBe(fit.zoom - 1);
  expect(zoomed(fit, size, [0, 0], 50, fit).zoom).toBe(fit.zoom + 14);
});

test('a drag moves what is held with the pointer', () => {
  const held = toLayout(fit, size, [100, 100]);
  const there = toLayout(panned(fit, 40, -25), size, [140, 75]);
  expect(there).toEqual([expect.closeTo(held[0]), expect.closeTo(held[1])]);
});

test('points are small where there are many, and a map of one point has a size', () => {
  expect(radiusOf(1_000_000, fit.zoom, fit)).toBeLessThan(radiusOf(1000, fit.zoom, fit));
  expect(radiusOf(1_000_000, fit.zoom + 6, fit)).toBeGreaterThan(3);
  const one = fitted({ minX: 1, minY: 1, maxX: 1, maxY: 1 }, size);
  expect(Number.isFinite(one.zoom)).toBe(true);
});

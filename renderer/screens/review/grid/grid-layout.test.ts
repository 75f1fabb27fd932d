import { expect, test } from 'vitest';
import { columnsFor, gridSize, stepTo } from './grid-layout.ts';

test('tiles are as large as the area lets them be', () => {
  expect(columnsFor(6, { width: 960, height: 200 }, 0)).toBe(6);
  expect(columnsFor(6, { width: 960, height: 640 }, 0)).toBe(3);
  expect(columnsFor(1, { width: 960, height: 640 }, 18)).toBe(1);
  // Sixty at 1024 × 700: tiles of some 80 pixels.
  const columns = columnsFor(60, { width: 976, height: 460 }, 18);
  expect(Math.min(976 / columns, 460 / Math.ceil(60 / columns) - 18)).toBeGreaterThan(70);
});

test('sizes step from 6 to 60 and stop there, from whatever was kept', () => {
  expect([gridSize(20, 1), gridSize(20, -1), gridSize(60, 1), gridSize(6, -1)]).toEqual([30, 12, 60, 6]);
  expect([gridSize(25, 0), gridSize(1, 0), gridSize(Number.NaN, 0)]).toEqual([20, 6, 6]);
});

test('arrows go from tile to tile and stay within the grid', () => {
  expect(stepTo(0, 'ArrowLeft', 5, 12)).toBe(0);
  expect(stepTo(4, 'ArrowRight', 5, 12)).toBe(5);
  expect(stepTo(4, 'ArrowDown', 5, 12)).toBe(9);
  expect(stepTo(9, 'ArrowDown', 5, 12)).toBe(9);
  expect(stepTo(9, 'ArrowUp', 5, 12)).toBe(4);
});

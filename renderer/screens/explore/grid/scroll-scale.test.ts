import { describe, expect, test } from 'vitest';
import { groundOf, jumped, MAX_GROUND_PX, rested, rowsInView, scaleOf, scrolled } from './scroll-scale.ts';

describe('a list that fits', () => {
  const scale = scaleOf(10_000, 500);
  test('is laid out as it is', () => {
    expect(scale.groundPx).toBe(10_000);
    const moved = scrolled(scale, 4321);
    expect(moved.offsetPx).toBe(4321);
    expect(groundOf(moved, 5000)).toBe(5000);
    expect(rested(moved)).toEqual(moved);
  });
  test('ends where the last row ends', () => {
    expect(scrolled(scale, 9500).offsetPx).toBe(9500);
    expect(jumped(scale, 1e9).offsetPx).toBe(9500);
  });
});

describe('a list higher than any element', () => {
  // A million rows, one image each.
  const rowPx = 260;
  const scale = scaleOf(1_000_000 * rowPx, 800);

  test('is laid out on a shorter ground', () => {
    expect(scale.groundPx).toBe(MAX_GROUND_PX);
  });

  test('moves pixel by pixel under the wheel, and its rows stay where they are on the ground', () => {
    const here = jumped(scale, 130_000_000);
    const next = scrolled(here, here.topPx + 100);
    expect(next.offsetPx - here.offsetPx).toBeCloseTo(100, 6);
    expect(groundOf(next, 130_000_000)).toBeCloseTo(groundOf(here, 130_000_000), 6);
  });

  test('leaps in proportion with the scroll bar', () => {
    const half = scrolled(scale, (MAX_GROUND_PX - 800) / 2);
    expect(half.offsetPx).toBeCloseTo((1_000_000 * rowPx - 800) / 2, 0);
  });

  test('reaches both ends exactly', () => {
    const end = scrolled(jumped(scale, 200_000_000), MAX_GROUND_PX - 800);
    expect(rowsInView(end, rowPx, 1_000_000, 0, 0).end).toBe(1_000_000);
    expect(groundOf(end, 1_000_000 * rowPx)).toBeCloseTo(MAX_GROUND_PX, 3);
    expect(scrolled(end, 0).offsetPx).toBe(0);
  });

  test('a long way by wheel drifts from the bar, and rest brings the bar back without moving the list', () => {
    let moved = jumped(scale, 1_000_000);
    for (let i = 0; i < 10_000; i++) moved = scrolled(moved, moved.topPx + 120);
    expect(moved.offsetPx).toBeCloseTo(2_200_000, 3);
    const still = rested(moved);
    expect(still.offsetPx).toBe(moved.offsetPx);
    expect(still.topPx).toBeLessThan(moved.topPx / 5);
    expect(groundOf(still, still.offsetPx)).toBe(still.topPx);
  });
});

test('rows in view are those that the window touches, cut at both ends', () => {
  const scale = jumped(scaleOf(1000, 100), 250);
  expect(rowsInView(scale, 100, 10, 0, 0)).toEqual({ first: 2, end: 4 });
  expect(rowsInView(scale, 100, 10, 5, 50)).toEqual({ first: 0, end: 10 });
  expect(rowsInView(scaleOf(0, 100), 100, 0, 2, 2)).toEqual({ first: 0, end: 0 });
});

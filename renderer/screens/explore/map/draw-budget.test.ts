import { expect, test } from 'vitest';
import { adapted, evenOrder, FIRST_BUDGET, type DrawBudget } from './draw-budget.ts';

const MILLION = 1_000_000;

/** Budgets after so many frames on a machine that takes `msOf` for so many points. */
function after(frames: number, kind: keyof DrawBudget, msOf: (points: number) => number): number {
  let budget = FIRST_BUDGET;
  for (let i = 0; i < frames; i++) {
    const points = Math.min(budget[kind], MILLION);
    budget = adapted(budget, kind, { points, tookMs: msOf(points) });
  }
  return Math.min(budget[kind], MILLION);
}

test('a graphics card is soon given all of a million, moving or not', () => {
  const card = (points: number) => 1 + points / 200_000;
  expect(after(4, 'moving', card)).toBe(MILLION);
  expect(after(2, 'resting', card)).toBe(MILLION);
});

test('a processor draws a part while the map moves, and all when it rests', () => {
  const processor = (points: number) => 10 + points / 1000;
  expect(after(10, 'moving', processor)).toBe(50_000);
  expect(after(10, 'resting', processor)).toBe(MILLION);
});

test('a machine that is slow whatever it draws is not held to a handful of points', () => {
  expect(after(10, 'moving', () => 900)).toBe(50_000);
  expect(after(10, 'resting', () => 900)).toBe(MILLION);
});

test('a map that rests stops growing before the machine stands still', () => {
  const slow = (points: number) => points / 100;
  expect(after(10, 'resting', slow)).toBe(200_000);
});

test('one kind of frame says nothing of the other, and few points say nothing of many', () => {
  const { resting } = adapted(FIRST_BUDGET, 'moving', { points: 100_000, tookMs: 500 });
  expect(resting).toBe(FIRST_BUDGET.resting);
  expect(adapted(FIRST_BUDGET, 'moving', { points: 10, tookMs: 1 })).toEqual(FIRST_BUDGET);
});

test.each([1, 2, 3, 10, 1000, 4096, 99_991])('every one of %d points comes once', (count) => {
  const at = evenOrder(count);
  const seen = new Set(Array.from({ length: count }, (_, k) => at(k)));
  expect(seen.size).toBe(count);
});

test('a beginning of the order is an even sample', () => {
  const at = evenOrder(MILLION);
  const tenths = new Uint32Array(10);
  for (let k = 0; k < 10_000; k++) {
    const tenth = Math.floor(at(k) / 100_000);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(20);
});

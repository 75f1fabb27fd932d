import { expect, test } from 'vitest';
import { ItemTimer } from './item-timer.ts';

test('counts from painted to answered', () => {
  const timer = new ItemTimer();
  timer.start(1000);
  timer.input(1400);
  expect(timer.elapsedMs(2250.4)).toBe(1250);
});

test('a pause counts for thirty seconds at the most', () => {
  const timer = new ItemTimer();
  timer.start(0);
  timer.input(5_000);
  expect(timer.elapsedMs(305_000)).toBe(35_000);
});

test('time while hidden is left out, and counting goes on when shown again', () => {
  const timer = new ItemTimer();
  timer.start(0);
  timer.hidden(2_000);
  timer.input(10_000);
  timer.shown(60_000);
  expect(timer.elapsedMs(61_500)).toBe(3_500);
});

test('a new item starts at nothing, and a clock that steps back adds nothing', () => {
  const timer = new ItemTimer();
  timer.start(0);
  timer.input(9_000);
  timer.start(10_000);
  expect(timer.elapsedMs(9_000)).toBe(0);
});

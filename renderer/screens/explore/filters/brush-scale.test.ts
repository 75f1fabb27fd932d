import { describe, expect, test } from 'vitest';
import { binOf, boundsBetween, boundsOfBin, endAfterKey, toShare, toValue, withEnd } from './brush-scale.ts';

const scale = { min: -1, max: 1 };

test('places and values are each other’s inverse', () => {
  expect(toShare(scale, 0.5)).toBe(0.75);
  expect(toValue(scale, 0.75)).toBe(0.5);
  expect(toValue({ min: 0, max: 1 }, 0.1 + 0.2)).toBe(0.3);
  expect(toValue({ min: 0, max: 40_000 }, 0.333_333)).toBe(13_330);
});

test('a score with one value only has one place', () => {
  expect(toShare({ min: 3, max: 3 }, 3)).toBe(0);
  expect(toValue({ min: 3, max: 3 }, 0.4)).toBe(3);
});

test('a brush drawn backwards is the same, and one drawn to the edge is open there', () => {
  expect(boundsBetween(scale, 0.75, 0.25)).toEqual([-0.5, 0.5]);
  expect(boundsBetween(scale, -0.2, 0.25)).toEqual([null, -0.5]);
  expect(boundsBetween(scale, 0.25, 1.1)).toEqual([-0.5, null]);
});

test('a bar is found by its place, and asked for by its edges', () => {
  expect([-0.1, 0, 0.24, 0.25, 1].map((share) => binOf(share, 4))).toEqual([0, 0, 0, 1, 3]);
  expect(boundsOfBin(scale, 1, 4)).toEqual([-0.5, 0]);
  expect(boundsOfBin(scale, 0, 4)).toEqual([null, -0.5]);
  expect(boundsOfBin(scale, 3, 4)).toEqual([0.5, null]);
});

test('an end that passes the other takes it along', () => {
  expect(withEnd([-0.5, 0.5], 'low', 0.8)).toEqual([0.8, 0.8]);
  expect(withEnd([-0.5, 0.5], 'high', -0.8)).toEqual([-0.8, -0.8]);
  expect(withEnd([-0.5, 0.5], 'low', null)).toEqual([null, 0.5]);
});

describe('keys', () => {
  test.each([
    ['low', 'ArrowRight', -0.98],
    ['low', 'PageUp', -0.8],
    ['low', 'ArrowLeft', null],
    ['high', 'ArrowLeft', 0.98],
    ['high', 'End', null],
    ['high', 'Home', -1],
  ] as const)('%s end, %s', (end, key, value) => {
    expect(endAfterKey(scale, [null, null], end, key)).toBe(value);
  });
  test('other keys are left to others', () => {
    expect(endAfterKey(scale, [0, null], 'low', 'Tab')).toBeUndefined();
  });
});

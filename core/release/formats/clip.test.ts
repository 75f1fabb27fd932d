import { expect, test } from 'vitest';
import type { Box } from '../../base/boxes.ts';
import type { ExportItem } from './define.ts';
import { clipBox, ClipCounter } from './clip.ts';

const image = { width: 64, height: 48 };
const px = (...values: Box['values']): Box => ({ label: 'cat', format: 'xywh-pixel', values });
const rel = (...values: Box['values']): Box => ({ label: 'cat', format: 'cxcywh-relative', values });

test.each([
  ['inside', px(0.1, 0.2, 10 / 3, 1e-7)],
  ['all of the image', px(0, 0, 64, 48)],
  ['all of the image, as fractions', rel(0.5, 0.5, 1, 1)],
  ['smaller than its distance from the corner can tell', rel(0.5, 0.25, 0.1, 5e-324)],
])('a box %s stays as it is', (_, box) => {
  expect(clipBox(box, image)).toBe(box);
});

test('the part beyond each border is cut off', () => {
  expect(clipBox(px(-5, -3, 20, 10), image)?.values).toEqual([0, 0, 15, 7]);
  expect(clipBox(px(60, 44, 10, 10), image)?.values).toEqual([60, 44, 4, 4]);
  expect(clipBox(px(-1, -1, 100, 100), image)?.values).toEqual([0, 0, 64, 48]);
});

test('fractions are cut as fractions, and the other side keeps its numbers', () => {
  expect(clipBox(rel(0, 1 / 3, 0.5, 0.1), image)).toEqual(rel(0.125, 1 / 3, 0.25, 0.1));
});

test.each([
  ['no height', px(5, 5, 4, 0)],
  ['a negative width', px(12, 10, -4, 5)],
  ['all of it beyond the right border', px(64, 5, 4, 4)],
  ['all of it above', px(5, -4, 4, 4)],
  ['all of it outside, as fractions', rel(1.2, 0.5, 0.2, 0.2)],
])('a box with %s is none', (_, box) => {
  expect(clipBox(box, image)).toBeNull();
});

const counted = (counter: ClipCounter, ...boxes: Box[]): string[] => {
  counter.add({ ...image, boxes } as ExportItem);
  return counter.result();
};

test('boxes that are clipped and left out are counted', () => {
  const counter = new ClipCounter(', and kept beside it');
  expect(counted(counter, px(0, 0, 64, 48), rel(0.5, 0.5, 1, 1))).toEqual([]);
  expect(counted(counter, px(-5, -3, 20, 10), px(5, 5, 0, 3))).toEqual([
    '1 box that goes beyond its image: clipped, and kept beside it',
    '1 box without a part inside its image, or without a size: left out',
  ]);
  expect(counted(counter, rel(0, 0.5, 0.5, 0.1), px(64, 5, 4, 4))).toEqual([
    '2 boxes that go beyond their image: clipped, and kept beside it',
    '2 boxes without a part inside their image, or without a size: left out',
  ]);
});

test('what only the arithmetic cut is not counted', () => {
  expect(counted(new ClipCounter(), px(63.9, 0, 0.1 + 1e-12, 4))).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReviewBox } from '../../../rpc/contract/reviews.ts';
import { moved, pixelsOf, resized, spanned, withPixels } from './box-geometry.ts';

const image = { width: 640, height: 480 };
const coco: ReviewBox = { label: 'car', format: 'xywh-pixel', values: [10, 20, 100, 50] };
const yolo: ReviewBox = { label: 'car', format: 'cxcywh-relative', values: [0.5, 0.25, 0.25, 0.5] };

test('both formats name the same pixels as they do in the core', () => {
  expect(pixelsOf(coco, image)).toEqual({ x: 10, y: 20, width: 100, height: 50 });
  expect(pixelsOf(yolo, image)).toEqual({ x: 240, y: 0, width: 160, height: 240 });
  expect(pixelsOf({ ...coco, format: 'polygon' }, image)).toBeNull();
});

test('a box that is put back where it was keeps its format and its numbers', () => {
  for (const box of [coco, yolo]) expect(withPixels(box, pixelsOf(box, image)!, image)).toEqual(box);
});

test('moving and resizing never leave the image, nor turn a box inside out', () => {
  const step = fc.integer({ min: -2000, max: 2000 });
  fc.assert(
    fc.property(step, step, fc.constantFrom('nw', 'ne', 'sw', 'se'), (dx, dy, corner) => {
      const box = { x: 100, y: 100, width: 60, height: 40 };
      for (const after of [moved(box, dx, dy, image), resized(box, corner, dx, dy, image)]) {
        expect(after.x).toBeGreaterThanOrEqual(0);
        expect(after.y).toBeGreaterThanOrEqual(0);
        expect(after.width).toBeGreaterThanOrEqual(1);
        expect(after.height).toBeGreaterThanOrEqual(1);
        expect(after.x + after.width).toBeLessThanOrEqual(image.width);
        expect(after.y + after.height).toBeLessThanOrEqual(image.height);
      }
    }),
  );
});

test('a corner moves alone: the opposite one stays', () => {
  const box = { x: 100, y: 100, width: 60, height: 40 };
  expect(resized(box, 'nw', 10, -20, image)).toEqual({ x: 110, y: 80, width: 50, height: 60 });
  expect(resized(box, 'se', 10, -20, image)).toEqual({ x: 100, y: 100, width: 70, height: 20 });
});

test('a dragged box is the same from whichever corner it was begun', () => {
  const box = { x: 50, y: 60, width: 30, height: 40 };
  expect(spanned(50, 60, 80, 100, image)).toEqual(box);
  expect(spanned(80, 100, 50, 60, image)).toEqual(box);
  expect(spanned(-50, -60, 9000, 9000, image)).toEqual({ x: 0, y: 0, width: 640, height: 480 });
});

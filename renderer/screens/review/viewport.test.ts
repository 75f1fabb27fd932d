import { expect, test } from 'vitest';
import { centred, fitted, middleOf, panned, zoomed, type Viewport } from './viewport.ts';

const stage = { width: 800, height: 600 };
const image = { width: 400, height: 100 };
const pixelAt = (view: Viewport, px: number, py: number) => [
  (px - view.x) / view.scale,
  (py - view.y) / view.scale,
];

test('fit shows the whole image in the middle, small ones enlarged', () => {
  expect(fitted(stage, image)).toEqual({ scale: 2, x: 0, y: 200 });
  expect(fitted(stage, { width: 1600, height: 1200 })).toEqual({ scale: 0.5, x: 0, y: 0 });
});

test('zooming keeps the pixel under the pointer where it is', () => {
  const before = fitted(stage, { width: 800, height: 600 });
  const after = zoomed(before, 4, 200, 450, stage, { width: 800, height: 600 });
  expect(after.scale).toBe(4);
  expect(pixelAt(after, 200, 450)).toEqual(pixelAt(before, 200, 450));
});

test('zoom ends at 64 CSS pixels per pixel, and at the whole image or 1:1, whichever is smaller', () => {
  const view = fitted(stage, image);
  expect(zoomed(view, 1e9, 0, 0, stage, image).scale).toBe(64);
  expect(zoomed(view, 1e-9, 0, 0, stage, image).scale).toBe(1);
  const large = { width: 8000, height: 6000 };
  expect(zoomed(fitted(stage, large), 1e-9, 0, 0, stage, large).scale).toBe(0.1);
});

test('the middle of a view can be found again in an image of another size', () => {
  const view = panned(zoomed(fitted(stage, image), 8, 100, 250, stage, image), -40, 20, stage, image);
  const middle = middleOf(view, stage, image);
  expect(centred(view.scale, middle, stage, image)).toEqual(view);
  const larger = { width: 800, height: 200 };
  const again = middleOf(centred(view.scale, middle, stage, larger), stage, larger);
  expect(again[0]).toBeCloseTo(middle[0], 12);
  expect(again[1]).toBeCloseTo(middle[1], 12);
});

test('panning stops at the edges of the image', () => {
  const near = zoomed(fitted(stage, image), 10, 400, 300, stage, image);
  expect(panned(near, 1e6, 1e6, stage, image)).toEqual({ scale: 20, x: 0, y: 0 });
  expect(panned(near, -1e6, -1e6, stage, image)).toEqual({ scale: 20, x: 800 - 8000, y: 600 - 2000 });
  expect(panned(fitted(stage, image), 50, 50, stage, image)).toEqual(fitted(stage, image));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Polygon } from './lasso.ts';

const at = fc.integer({ min: -20, max: 20 }).map((n) => n / 4);
const point = fc.tuple(at, at);

test('a point is inside where it is by the even-odd rule over all edges', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 40 }), fc.array(point), (polygon, points) => {
      const area = new Polygon(polygon);
      for (const [x, y] of points) {
        let inside = false;
        for (const [i, [x1, y1]] of polygon.entries()) {
          const [x2, y2] = polygon[(i + 1) % polygon.length]!;
          if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
        }
        expect(area.contains(x, y)).toBe(inside);
      }
    }),
  );
});

test('an image without a place is nowhere', () => {
  const area = new Polygon([
    [-1, -1],
    [1, -1],
    [0, 1],
  ]);
  expect(area.contains(0, 0)).toBe(true);
  expect(area.contains(Number.NaN, 0)).toBe(false);
  expect(area.contains(0, Number.NaN)).toBe(false);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PointGrid } from './point-grid.ts';
import type { MapPoints } from './points.ts';

function pointsAt(places: readonly (readonly [number, number])[]): MapPoints {
  const x = Float32Array.from(places, ([px]) => px);
  const y = Float32Array.from(places, ([, py]) => py);
  const count = places.length;
  return {
    count,
    x,
    y,
    ids: Uint32Array.from(places, (_, i) => i + 1),
    roles: new Uint8Array(count),
    verdicts: new Uint8Array(count),
    labels: new Uint16Array(count),
    bounds:
      count === 0
        ? { minX: 0, minY: 0, maxX: 1, maxY: 1 }
        : { minX: Math.min(...x), minY: Math.min(...y), maxX: Math.max(...x), maxY: Math.max(...y) },
  };
}

test('finds what a look at every point finds', () => {
  const coordinate = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { maxLength: 200 }),
      fc.tuple(coordinate, coordinate),
      fc.integer({ min: 0, max: 60 }),
      (places, [x, y], radius) => {
        const distance = (i: number) => Math.hypot((places[i]?.[0] ?? 0) - x, (places[i]?.[1] ?? 0) - y);
        const all = places.map((_, i) => distance(i)).filter((d) => d <= radius);
        const found = new PointGrid(pointsAt(places)).nearest(x, y, radius);
        expect(found === -1 ? [] : [distance(found)]).toEqual(all.length === 0 ? [] : [Math.min(...all)]);
      },
    ),
  );
});

test('points that are not wanted are passed over', () => {
  const grid = new PointGrid(
    pointsAt([
      [0, 0],
      [1, 0],
      [5, 5],
    ]),
  );
  expect(grid.nearest(0, 0, 2, (i) => i !== 0)).toBe(1);
  expect(grid.nearest(0, 0, 2, () => false)).toBe(-1);
});

test('points on one line, and all on one spot', () => {
  const line = Array.from({ length: 10_000 }, (_, i) => [i, 3] as const);
  expect(new PointGrid(pointsAt(line)).nearest(4321.4, 3, 1)).toBe(4321);
  const spot = Array.from({ length: 1000 }, () => [2, 2] as const);
  expect(new PointGrid(pointsAt(spot)).nearest(2, 2, 0.1)).not.toBe(-1);
});

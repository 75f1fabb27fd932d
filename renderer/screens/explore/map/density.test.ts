import { expect, test } from 'vitest';
import { densityOf, isCrowded } from './density.ts';
import type { PointGroup } from './groups.ts';

const view = { x: 0, y: 0, zoom: 0 };
const size = { width: 30, height: 30 };

function group(points: [number, number][], isDimmed = false, colour = [200, 100, 0]): PointGroup {
  return {
    key: String(isDimmed),
    role: 'synthetic',
    isDimmed,
    count: points.length,
    positions: { value: Float32Array.from(points.flat()), size: 2 },
    colours: { value: Uint8ClampedArray.from(points.flatMap(() => [...colour, 255])), size: 4 },
  };
}

test('points are counted where they are drawn; y grows upwards', () => {
  const { width, height, lit, dimmed, colours, most } = densityOf(
    [
      group([
        [-14, 14],
        [-13.5, 13.5],
        [14, -14],
      ]),
      group([[-14, 14]], true),
      group([[-14, 14]], false, [100, 100, 100]),
    ],
    view,
    size,
  );
  expect([width, height]).toEqual([10, 10]);
  expect([lit[0], lit[99], dimmed[0]]).toEqual([3, 1, 1]);
  expect([...colours.subarray(0, 3)]).toEqual([500, 300, 100]);
  expect(most).toBe(3);
});

test('what is out of sight is not counted, and zooming in takes a crowd apart', () => {
  const points = Array.from({ length: 40_000 }, (_, i): [number, number] => [i / 20_000 - 1, 0.5]);
  expect(isCrowded(densityOf([group(points)], view, size))).toBe(true);
  expect(isCrowded(densityOf([group(points.slice(0, 10_000))], view, size))).toBe(false);
  const near = densityOf([group(points)], { x: 0, y: 0.5, zoom: 6 }, size);
  expect(isCrowded(near)).toBe(false);
  expect(near.lit.reduce((sum, count) => sum + count, 0)).toBeLessThan(40_000);
});

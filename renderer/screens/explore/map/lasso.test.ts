import { expect, test } from 'vitest';
import { rounded, simplify, type Point } from './lasso.ts';

const circle = (n: number): Point[] =>
  Array.from({ length: n }, (_, i) => [Math.cos((2 * Math.PI * i) / n), Math.sin((2 * Math.PI * i) / n)]);
const area = (polygon: Point[]) =>
  Math.abs(
    polygon.reduce((sum, [x, y], i) => {
      const [nx, ny] = polygon[(i + 1) % polygon.length] ?? [0, 0];
      return sum + x * ny - nx * y;
    }, 0),
  ) / 2;

test('few corners are kept as they are', () => {
  expect(simplify(circle(20), 20)).toEqual(circle(20));
});

test('a long line keeps its shape with far fewer corners', () => {
  const simple = simplify(circle(20_000), 500);
  expect(simple).toHaveLength(500);
  expect(area(simple)).toBeGreaterThan(Math.PI * 0.9998);
});

test('a spike stays, and points on a straight side go', () => {
  const side = Array.from({ length: 1000 }, (_, i): Point => [i / 1000, 0]);
  const simple = simplify([...side, [1, 0], [1, 1], [0.5, 30], [0, 1]], 5);
  expect(simple).toContainEqual([0.5, 30]);
  expect(simple).toContainEqual([1, 1]);
  expect(simple).toHaveLength(5);
});

test('coordinates keep four digits of the map’s extent', () => {
  expect(rounded([[1.234_567, -0.000_04]], 20)).toEqual([[1.235, -0]]);
  expect(rounded([[123_456.7, 5]], 1_000_000)).toEqual([[123_500, 0]]);
});

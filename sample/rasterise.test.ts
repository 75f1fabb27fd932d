import { expect, test } from 'vitest';
import { canvas } from '../imaging/canvas.ts';
import { light } from './light.ts';
import { Random } from '../imaging/random.ts';
import { drawPart } from './rasterise.ts';
import type { Part } from './shape.ts';

const disc: Part = {
  materials: [{ name: 'chalk', finish: 'matte', colour: [0.9, 0.5, 0.1], roughness: 1 }],
  surface(at) {
    at.distance = Math.sqrt(at.x * at.x + at.y * at.y) - 1;
    at.height = 0;
    at.material = 0;
  },
};
const wear = { salt: 1, brushing: 0, rust: 0 };
const still = { rotation: 0, squash: 1, tiltAxis: 0 };

test('a disc covers its area with its colour and leaves the bench untouched far away', () => {
  const target = canvas(80, 80);
  target.data.fill(0.2);
  const lamp = light(new Random('lamp'));
  drawPart(target, disc, { x: 40, y: 40, scale: 20, ...still }, lamp, wear);
  const at = (x: number, y: number): number[] => [
    ...target.data.subarray((y * 80 + x) * 3, (y * 80 + x) * 3 + 3),
  ];
  const [r, g, b] = at(40, 40) as [number, number, number];
  expect(r).toBeGreaterThan(g);
  expect(g).toBeGreaterThan(b);
  expect(at(2, 2)).toEqual([...new Float32Array(3).fill(0.2)]);
  // Only the disc is redder than the bench; its shadow is grey.
  let covered = 0;
  for (let i = 0; i < 6400; i++) if (target.data[i * 3]! > target.data[i * 3 + 2]! * 2) covered++;
  expect(covered / (Math.PI * 20 * 20)).toBeCloseTo(1, 1);
});

test('a part beyond the edge changes nothing', () => {
  const target = canvas(40, 40);
  target.data.fill(0.3);
  drawPart(target, disc, { x: 400, y: 20, scale: 20, ...still }, light(new Random('lamp')), wear);
  expect(target.data.every((value) => value === Math.fround(0.3))).toBe(true);
});

test('foreshortening shrinks the disc across its axis only', () => {
  const target = canvas(80, 80);
  target.data.fill(0.2);
  const pose = { x: 40, y: 40, scale: 20, rotation: 0, squash: 0.5, tiltAxis: Math.PI / 2 };
  drawPart(target, disc, pose, light(new Random('lamp')), wear);
  const red = (x: number, y: number): boolean =>
    target.data[(y * 80 + x) * 3]! > target.data[(y * 80 + x) * 3 + 2]! * 2;
  expect([red(40 - 17, 40), red(40 + 17, 40), red(40, 40 - 13), red(40, 40 + 13)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

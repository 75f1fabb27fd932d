import { expect, test } from 'vitest';
import { averageArea } from '../../../imaging/area.ts';
import type { Picture } from '../../../imaging/canvas.ts';
import { families } from '../../../imaging/faults/index.ts';
import { Random } from '../../../imaging/random.ts';
import { scene } from '../../../test/support/scene.ts';
import { SHAPE_LENGTH, shapeOf } from './shape.ts';

const shape = ({ rgb, width, height }: Picture): Float32Array =>
  shapeOf(averageArea(rgb, width, height, 32, 32));

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!));

test('is the same however a picture is mirrored, turned or lit', async () => {
  for (let key = 1; key <= 10; key++) {
    const picture = scene(key);
    const own = shape(picture);
    expect(Math.hypot(...own)).toBeCloseTo(1, 5);
    for (const family of ['mirror', 'rotate-90', 'contrast']) {
      const { picture: changed } = await families.get(family)!.apply(picture, new Random(key, family), 0.5);
      expect(distance(own, shape(changed))).toBeLessThan(0.06);
    }
    expect(distance(own, shape(scene(key + 50)))).toBeGreaterThan(0.3);
  }
});

test('of a flat picture is zero', () => {
  expect(shapeOf(new Uint8Array(3072).fill(77))).toEqual(new Float32Array(SHAPE_LENGTH));
});

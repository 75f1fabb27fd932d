import { expect, test } from 'vitest';
import { averageArea } from '../../../imaging/area.ts';
import type { Picture } from '../../../imaging/canvas.ts';
import { families } from '../../../imaging/faults/index.ts';
import { redraw } from '../../../imaging/faults/tools.ts';
import { Random } from '../../../imaging/random.ts';
import { scene } from '../../../test/support/scene.ts';
import type { Flow } from './flow.ts';
import { layOver } from './laying.ts';
import { registrable } from './pictures.ts';
import { plateSize } from './plate.ts';
import type { Registrable } from './registration.ts';

function ready({ width, height, rgb }: Picture): Registrable {
  const size = plateSize(width, height);
  return registrable({ ...size, rgb: averageArea(rgb, width, height, size.width, size.height) });
}

/** The next frame of a turntable: what bulges towards the camera moves more than what is beside it. */
const nextFrame = (picture: Picture, most: number): Picture =>
  redraw(picture, picture.width, picture.height, (x, y, at) => {
    const [u, v] = [(2 * x) / picture.width - 1, (2 * y) / picture.height - 1];
    at[0] = x + most * Math.max(0, 1 - u * u - v * v);
    at[1] = y;
  });

const flowOf = (copy: Picture, original: Picture): Flow => layOver(ready(copy), ready(original))!.flow!;

test('tells what moved by its depth from what storage, light, frame and writing change', async () => {
  for (let key = 1; key <= 6; key++) {
    const picture = scene(key, 120, 120);
    const moved = flowOf(nextFrame(picture, 3), picture);
    expect(moved.motion).toBeGreaterThan(0.2);
    expect(moved.explained).toBeGreaterThan(0.3);
    for (const [family, strength] of [
      ['reencode', 0.7],
      ['brightness', 0.3],
      ['crop', 0.5],
      ['mirror', 0],
      ['overlay-text', 0.3],
    ] as const) {
      const { picture: copy } = await families.get(family)!.apply(picture, new Random(key, family), strength);
      const still = flowOf(copy, picture);
      expect({ family, moved: Math.min(still.motion / 0.1, still.explained / 0.1) > 1 }).toEqual({
        family,
        moved: false,
      });
    }
  }
});

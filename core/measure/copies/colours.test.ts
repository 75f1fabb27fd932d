import { expect, test } from 'vitest';
import type { Picture } from '../../../imaging/canvas.ts';
import { families } from '../../../imaging/faults/index.ts';
import { Random } from '../../../imaging/random.ts';
import { colourDifference, coloursOf } from './colours.ts';
import type { Placement } from './placement.ts';

const SIDE = 64;
const WHOLE: Placement = { mirrored: false, a: 1, b: 0, tx: 0, ty: 0 };

type Colour = readonly [number, number, number];

/** A disc on a ground. */
function disc(object: Colour, ground: Colour): Picture {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      rgb.set(Math.hypot(x - 32, y - 32) < 20 ? object : ground, (y * SIDE + x) * 3);
  return { width: SIDE, height: SIDE, rgb };
}

const differ = (copy: Picture, original: Picture, placement = WHOLE): number =>
  colourDifference(coloursOf(copy.rgb, SIDE, SIDE), coloursOf(original.rgb, SIDE, SIDE), placement);

const original = disc([170, 90, 60], [90, 120, 150]);

test('brightness, contrast and hue leave the colours the same but for one turn and one saturation', async () => {
  for (const family of ['brightness', 'contrast', 'hue', 'reencode']) {
    const { picture } = await families.get(family)!.apply(original, new Random(1, family), 0.4);
    expect(differ(picture, original)).toBeLessThan(4);
  }
});

test('an object and a ground that changed apart are other colours', () => {
  expect(differ(disc([90, 150, 60], [90, 120, 150]), original)).toBeGreaterThan(15);
  expect(differ(disc([170, 90, 60], [150, 110, 90]), original)).toBeGreaterThan(15);
});

test('pale colours are other colours than strong ones; grey may have been made of any', () => {
  expect(differ(disc([150, 142, 152], [92, 97, 94]), original)).toBeGreaterThan(9);
  expect(differ(disc([120, 120, 120], [112, 112, 112]), original)).toBeLessThan(1);
});

test('follows the placement, and is 0 where nothing overlaps', () => {
  const half = disc([170, 90, 60], [90, 120, 150]);
  const shifted: Picture = { ...half, rgb: new Uint8Array(half.rgb) };
  shifted.rgb.copyWithin(16 * 3, 0);
  expect(differ(shifted, half, { ...WHOLE, tx: -16 })).toBeLessThan(differ(shifted, half) / 2);
  expect(differ(half, half, { ...WHOLE, tx: 1000 })).toBe(0);
});

import { expect, test } from 'vitest';
import { ARTEFACT_NAMES, garble, nearCopy } from './artefacts.ts';
import { resize, type Picture } from '../imaging/canvas.ts';
import { PART_CLASSES, PART_NAMES } from './classes.ts';
import { Random } from '../imaging/random.ts';
import { photograph } from './scene.ts';
import { STRANGERS } from './strangers.ts';

const { picture } = photograph(new Random('part'), PART_CLASSES.gear.make, 'generator', 96, 80);

function difference(a: Picture, b: Picture): number {
  expect([b.width, b.height]).toEqual([a.width, a.height]);
  return a.rgb.reduce((sum, value, i) => sum + Math.abs(value - b.rgb[i]!), 0) / a.rgb.length;
}

test.each(ARTEFACT_NAMES)('%s garbles the picture visibly', (name) => {
  expect(difference(picture, garble(picture, new Random(name), name))).toBeGreaterThan(10);
});

test('a near copy differs slightly everywhere and nowhere much', () => {
  const copy = nearCopy(picture, new Random('copy'));
  expect(copy.rgb).not.toEqual(picture.rgb);
  expect(difference(picture, copy)).toBeLessThan(10);
});

test('a resized picture is the same picture', () => {
  const there = resize(picture, 99, 82);
  expect(there.rgb.length).toBe(99 * 82 * 3);
  expect(difference(picture, resize(there, 96, 80))).toBeLessThan(6);
});

test.each([...PART_NAMES.map((name) => PART_CLASSES[name].make), ...Object.values(STRANGERS)])(
  'part %# shows up on its bench, in every photograph another one',
  (make) => {
    const pictures = [1, 2, 3].map((i) => photograph(new Random('look', i), make, 'camera', 64, 64).picture);
    for (const { rgb } of pictures) {
      expect(Math.max(...rgb)).toBeGreaterThan(100);
      expect(Math.max(...rgb) - Math.min(...rgb)).toBeGreaterThan(60);
    }
    expect(difference(pictures[0]!, pictures[1]!)).toBeGreaterThan(5);
    expect(difference(pictures[1]!, pictures[2]!)).toBeGreaterThan(5);
  },
);

test('a dark picture is dark and a blurred one has no edges', () => {
  const shoot = (mishap: 'dark' | 'blurred' | null): Picture =>
    photograph(new Random('mishap'), PART_CLASSES.gear.make, 'generator', 96, 96, mishap).picture;
  const mean = ({ rgb }: Picture): number => rgb.reduce((sum, value) => sum + value, 0) / rgb.length;
  const edges = ({ rgb }: Picture): number =>
    rgb.reduce((sum, value, i) => sum + Math.abs(value - (rgb[i + 3] ?? value)), 0) / rgb.length;
  expect(mean(shoot('dark'))).toBeLessThan(mean(shoot(null)) / 3);
  expect(edges(shoot('blurred'))).toBeLessThan(edges(shoot(null)) / 2);
});

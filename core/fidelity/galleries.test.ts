import { beforeAll, expect, test } from 'vitest';
import type { Galleries } from '../../rpc/contract/reports.ts';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import { distancesBetween } from './distances.ts';
import { galleriesOf } from './galleries.ts';
import type { ImageSet } from './image-set.ts';

const DIMENSIONS = 3;
const random = mulberry32(4);
const around = (centre: number, n: number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: DIMENSIONS }, () => centre + gaussian(random)));

const setOf = (name: string, rows: number[][]): ImageSet => ({
  vectors: { data: Float64Array.from(rows.flat()), dimensions: DIMENSIONS },
  sha256: rows.map((_, i) => `${name}-${i}`),
  path: rows.map((_, i) => `${name}/${i}.png`),
  label: rows.map(() => name),
});

/** Real: 60 around 0, and 8 around 40 that nobody generates. Generated: 60 around 0, 10 around 80, a slip at -100. */
const real = setOf('real', [...around(0, 60), ...around(40, 8)]);
const generated = setOf('generated', [...around(0, 60), ...around(80, 10), [-100, -100, -100]]);
let galleries: Galleries;
let uncovered: number[];
beforeAll(async () => {
  ({ galleries, uncovered } = galleriesOf(
    real,
    generated,
    await distancesBetween(real.vectors, real.vectors),
    await distancesBetween(generated.vectors, generated.vectors),
    await distancesBetween(real.vectors, generated.vectors),
  ));
});

const numbers = (shown: readonly { sha256: string }[]): number[] =>
  shown.map(({ sha256 }) => Number(sha256.split('-')[1]));

test('real images that nobody generates have vanished, first of all', () => {
  const { images, of, shown } = galleries.vanished;
  expect(of).toBe(68);
  expect(images).toBeGreaterThanOrEqual(8);
  expect(uncovered).toHaveLength(images);
  expect(uncovered.slice(0, shown.length)).toEqual(numbers(shown));
  expect(new Set(numbers(shown).slice(0, 8))).toEqual(new Set([60, 61, 62, 63, 64, 65, 66, 67]));
  for (const { ratio } of shown) expect(ratio).toBeGreaterThanOrEqual(1);
});

test('a kind that the real images lack is shown once, and a slip is none', () => {
  const fresh = numbers(galleries.fresh);
  expect(fresh.filter((i) => i >= 60 && i < 70)).toHaveLength(1);
  expect(fresh).not.toContain(70);
});

test('the furthest are those least like any real image, slips among them', () => {
  expect(new Set(numbers(galleries.furthest).slice(0, 11))).toEqual(
    new Set([60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70]),
  );
  const ratios = galleries.furthest.map(({ ratio }) => ratio);
  expect(ratios).toEqual(ratios.toSorted((a, b) => b - a));
  expect(ratios).toHaveLength(24);
});

import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../models/testing/random.ts';
import { softmaxRows } from '../../base/numeric/softmax.ts';
import { evidenceOf, usualBoxes, type UsualBoxes } from './evidence.ts';
import { drawnAgain, misplacedBox, phantomBox } from './faulty-boxes.ts';
import { coverage } from './foreground.ts';
import { overlap, type ImageObjects, type PixelBox } from './objects.ts';
import { atOwnShares, verdictAt } from './verdict.ts';

const image = (boxes: [label: number, ...PixelBox][], size = { width: 200, height: 100 }): ImageObjects => ({
  imageId: 1,
  fileId: 1,
  ...size,
  objects: boxes.map(([label, ...box], position) => ({ position, label, box, outline: null })),
});

test('overlap is the intersection over the union', () => {
  expect(overlap([0, 0, 10, 10], [5, 0, 10, 10])).toBeCloseTo(1 / 3, 12);
  expect(overlap([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0);
  expect(overlap([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
});

describe('faulty boxes', () => {
  const street = image([
    [0, 20, 20, 30, 30],
    [1, 120, 40, 40, 20],
  ]);

  test('a misplaced box lies in the picture and fits no object of its class', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 200; i++) {
      const [x, y, w, h] = misplacedBox(street, i % 2, random)!;
      expect(x >= 0 && y >= 0 && x + w <= 200 && y + h <= 100).toBe(true);
      expect(overlap([x, y, w, h], street.objects[i % 2]!.box)).toBeLessThanOrEqual(0.6);
    }
  });

  test('a phantom shows no object, and there is none where objects fill the picture', () => {
    const random = seededRandom(2);
    for (let i = 0; i < 200; i++) {
      const box = phantomBox(street, 0, random)!;
      for (const { box: other } of street.objects) expect(overlap(box, other)).toBeLessThan(0.1);
    }
    expect(phantomBox(image([[0, 0, 0, 200, 100]]), 0, random)).toBeNull();
  });

  test('a box that is drawn again is about the same', () => {
    const random = seededRandom(3);
    const box: PixelBox = [20, 20, 30, 30];
    for (let i = 0; i < 100; i++) expect(overlap(box, drawnAgain(box, random))).toBeGreaterThan(0.6);
  });
});

describe('evidence', () => {
  const nothing: UsualBoxes = [null, null];
  const judged = { box: [0, 0, 20, 10] as PixelBox, label: 0, outline: null };

  test('weighs the class against the likeliest other one, a missed object and none', () => {
    const row = evidenceOf({ ...judged, chances: [0.6, 0.2, 0.1, 0.1] }, image([]), [], nothing);
    expect(row.margin).toBeCloseTo(Math.log(3), 12);
    expect(row.misplaced).toBeCloseTo(Math.log(0.1 / 0.6), 12);
    expect(row.phantom).toBeCloseTo(Math.log(0.1 / 0.6), 12);
    // No class is known to differ from a lone one.
    const lone = evidenceOf({ ...judged, chances: [0.9, 0.05, 0.05] }, image([]), [], [null]);
    expect(lone.margin).toBe(0);
  });

  test('tells another box of the class from one of another class', () => {
    const near = [
      { box: [0, 0, 20, 10] as PixelBox, label: 0 },
      { box: [10, 0, 20, 10] as PixelBox, label: 1 },
    ];
    const row = evidenceOf({ ...judged, chances: [0.7, 0.1, 0.1, 0.1] }, image([]), near, nothing);
    expect(row.twin).toBeCloseTo(-Math.log(0.02), 12);
    expect(row.rival).toBeCloseTo(-Math.log(1.02 - 1 / 3), 12);
  });

  test('holds the box against its outline', () => {
    const row = evidenceOf(
      { ...judged, outline: [0, 0, 10, 10], chances: [0.7, 0.1, 0.1, 0.1] },
      image([]),
      [],
      nothing,
    );
    expect(row.misfit).toBeCloseTo(Math.log(0.52), 12);
  });

  test('measures a box by what is usual in its class', () => {
    const real = Array.from({ length: 12 }, (_, i) => image([[0, 10, 40, 20 + (i % 3), 10]]));
    const usual = usualBoxes(real, 2);
    expect(usual[1]).toBeNull();
    const distance = (box: PixelBox): number =>
      evidenceOf({ ...judged, box, chances: [0.7, 0.1, 0.1, 0.1] }, image([]), [], usual).size;
    expect(distance([10, 40, 21, 10])).toBeLessThan(0.1);
    expect(distance([10, 40, 80, 40])).toBe(8);
  });
});

test('coverage is the share of each cell that boxes cover', () => {
  const grid = { rows: 2, columns: 4 };
  const boxes = [{ box: [0, 0, 50, 25] as PixelBox }, { box: [150, 50, 100, 100] as PixelBox }];
  expect([...coverage(boxes, { width: 200, height: 100 }, grid)]).toEqual([0.5, 0, 0, 0, 0, 0, 0, 1]);
});

test('the shares of faults are found from chances at other shares', () => {
  // Evidence of one number: sound objects around 0, faulty ones around 4, chances computed at a share of 1 %.
  const random = seededRandom(5);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const n = 4000;
  const logits = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const value = normal() + (i < 0.05 * n ? 4 : 0);
    logits[2 * i + 1] = 4 * value - 8 + Math.log(0.01 / 0.99);
  }
  const { chances, shares } = atOwnShares(softmaxRows(logits, 2, 1), 2);
  expect(shares[0]).toBeGreaterThan(0.045);
  expect(shares[0]).toBeLessThan(0.055);
  expect(verdictAt(chances, 0, 2).chance).toBeGreaterThan(0.5);
  expect(atOwnShares(new Float64Array(), 2).shares.every(Number.isFinite)).toBe(true);
});

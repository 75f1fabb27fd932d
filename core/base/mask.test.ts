import { expect, test } from 'vitest';
import {
  isSameMask,
  maskArea,
  maskBox,
  maskOf,
  maskPixels,
  maskRings,
  parseMask,
  turnMask,
  type Mask,
} from './mask.ts';

/** Made with pycocotools 2.0 (mask.encode, area, toBbox): random pixels, a disc, nothing, everything, a ring with a corner. */
const MASKS: {
  size: [number, number];
  text: string;
  runs: number[];
  area: number;
  box: [number, number, number, number];
}[] = [
  {
    size: [5, 4],
    text: '0220OO30O0O0',
    runs: [0, 2, 2, 2, 1, 1, 4, 1, 3, 1, 2, 1],
    area: 8,
    box: [0, 0, 4, 5],
  },
  {
    size: [7, 9],
    text: '0120O1000O020N022NN021NO0070J0O031NO1',
    runs: [
      0, 1, 2, 1, 1, 2, 1, 2, 1, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 1, 3, 2, 1, 1, 1, 1, 8, 1, 2, 1, 1, 1, 4, 2, 2,
      1, 3,
    ],
    area: 26,
    box: [0, 0, 9, 7],
  },
  {
    size: [40, 30],
    text: 'j65P16L2N2N2O000O2O00000001N10001N2N2N4JQ7',
    runs: [
      218, 5, 32, 11, 28, 13, 26, 15, 24, 17, 23, 17, 23, 17, 22, 19, 21, 19, 21, 19, 21, 19, 21, 19, 22, 17,
      23, 17, 23, 17, 24, 15, 26, 13, 28, 11, 32, 5, 257,
    ],
    area: 285,
    box: [5, 11, 19, 19],
  },
  { size: [3, 1], text: '3', runs: [3], area: 0, box: [0, 0, 0, 0] },
  { size: [2, 3], text: '06', runs: [0, 6], area: 6, box: [0, 0, 3, 2] },
  {
    size: [12, 10],
    text: '>7500KM13OM13400007J2',
    runs: [14, 7, 5, 7, 5, 2, 2, 3, 5, 2, 2, 3, 5, 7, 5, 7, 5, 7, 12, 1, 14],
    area: 46,
    box: [1, 2, 8, 8],
  },
];

test.each(MASKS)('a mask of $size reads as pycocotools wrote it', ({ size, text, runs, area, box }) => {
  const [asText, asRuns] = [parseMask({ size, counts: text })!, parseMask({ size, counts: runs })!];
  expect(maskPixels(asText)).toEqual(maskPixels(asRuns));
  for (const mask of [asText, asRuns]) {
    expect(maskArea(mask)).toBe(area);
    expect(maskBox(mask)).toEqual(area === 0 ? null : box);
    expect(maskOf(maskPixels(mask), size, mask.counts)).toEqual(mask);
  }
});

/** Whether a point is inside of rings, by the even-odd rule. */
function isInside(rings: number[][], x: number, y: number): boolean {
  let crossings = 0;
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      const [ax, ay] = [ring[i]!, ring[i + 1]!];
      const [bx, by] = [ring[(i + 2) % ring.length]!, ring[(i + 3) % ring.length]!];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) crossings += 1;
    }
  return crossings % 2 === 1;
}

test.each(MASKS)('the borders of a mask of $size enclose its very pixels', ({ size, text }) => {
  const mask = { size, counts: text };
  const [height, width] = size;
  const rings = maskRings(mask);
  const filled = Uint8Array.from({ length: height * width }, (_, i) =>
    isInside(rings, (i % width) + 0.5, Math.floor(i / width) + 0.5) ? 1 : 0,
  );
  expect(filled).toEqual(maskPixels(mask));
});

test('a ring has an outer border and one of its hole, and a corner that touches is a ring of its own', () => {
  const { size, text } = MASKS[5]!;
  expect(maskRings({ size, counts: text }).map((ring) => ring.length / 2)).toEqual([4, 4, 4]);
});

test('a mask is turned with its picture', () => {
  const { size, text, box } = MASKS[2]!;
  const [height, width] = size;
  const [x, y, w, h] = box;
  const turned = (orientation: number): Mask => turnMask({ size, counts: text }, orientation);
  expect(turned(1)).toEqual({ size, counts: text });
  expect(turned(6).size).toEqual([width, height]);
  expect(maskBox(turned(6))).toEqual([height - y - h, x, h, w]);
  expect(maskBox(turned(8))).toEqual([y, width - x - w, h, w]);
  expect(maskBox(turned(5))).toEqual([y, x, h, w]);
  expect(maskBox(turned(7))).toEqual([height - y - h, width - x - w, h, w]);
  expect(turnMask(turned(6), 8)).toEqual({ size, counts: text });
});

test.each([
  ['runs beyond the picture', { size: [2, 2], counts: [1, 4] }],
  ['an absurd size', { size: [1e9, 1e9], counts: [1, 1] }],
  ['a text that ends in a number', { size: [2, 2], counts: 'X' }],
  ['letters of no number', { size: [2, 2], counts: '~' }],
  ['no runs', { size: [2, 2] }],
  ['half a pixel', { size: [2, 2], counts: [0.5, 1] }],
])('no mask: %s', (_, value) => {
  expect(parseMask(value)).toBeNull();
});

test('two masks are the same by their pixels, however their runs are written', () => {
  const { size, text, runs } = MASKS[1]!;
  const spread = [...runs.slice(0, 3), 0, 0, ...runs.slice(3)];
  const long: Mask = { size, counts: runs };
  for (const counts of [text, spread, runs.slice(0, -1), [...runs, 0]])
    expect(isSameMask(long, { size, counts })).toBe(true);
  expect(isSameMask(long, { size, counts: runs.slice(0, -2) })).toBe(false);
  expect(isSameMask(long, { size: [9, 7], counts: runs })).toBe(false);
  const [none, all] = [MASKS[3]!, MASKS[4]!];
  expect(isSameMask({ size: none.size, counts: [] }, { size: none.size, counts: none.runs })).toBe(true);
  expect(isSameMask({ size: all.size, counts: [0, 2, 0, 4] }, { size: all.size, counts: all.runs })).toBe(
    true,
  );
});

import { expect, test } from 'vitest';
import type { Keypoint } from '../../rpc/contract/terms.ts';
import { fitBoxes } from '../import/fit-boxes.ts';
import type { Box } from './boxes.ts';
import { parseDetail, ringsArea, type Detail } from './detail.ts';
import { maskBox } from './mask.ts';

/** A triangle that fills its box, a mask of it in an image of 20 x 12, a keypoint in its corner, and one not marked. */
const DETAIL: Detail = {
  polygons: [[2, 3, 7, 3, 7, 5]],
  mask: { size: [12, 20], counts: [27, 2, 10, 2, 10, 2, 10, 2, 10, 2, 163] },
  keypoints: [
    [2, 3, 2],
    [0, 0, 0],
  ],
  attributes: { occluded: true },
  columns: { area: 5, score: 0.5 },
};
const BOX: Box = { label: 'cat', format: 'xywh-pixel', values: [2, 3, 5, 2], detail: DETAIL };

/** The box around a ring, as left, top, width, height. */
function around(ring: readonly number[]): number[] {
  const [xs, ys] = [0, 1].map((axis) => ring.filter((_, i) => i % 2 === axis)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

test.each([5, 6, 7, 8])('outline, mask and keypoints turn with their box, orientation %d', (orientation) => {
  const { boxes } = fitBoxes([BOX], { width: 20, height: 12 }, { width: 12, height: 20, orientation });
  const { values, detail } = boxes[0]!;
  expect(values).not.toEqual(BOX.values);
  expect(around(detail!.polygons![0]!)).toEqual(values);
  expect(maskBox(detail!.mask!)).toEqual(values);
  const [[x, y], unmarked] = detail!.keypoints as [Keypoint, Keypoint];
  const [left, top, width, height] = values;
  expect([left, left + width]).toContain(x);
  expect([top, top + height]).toContain(y);
  expect(unmarked).toEqual([0, 0, 0]);
  expect(detail).toMatchObject({ attributes: { occluded: true }, columns: { area: 5, score: 0.5 } });
});

test('they are scaled with it, apart from the mask, and an area that was stated is dropped', () => {
  const { boxes } = fitBoxes([BOX], { width: 20, height: 12 }, { width: 40, height: 24, orientation: 1 });
  const [{ values, detail }] = boxes as [Box];
  expect(values).toEqual([4, 6, 10, 4]);
  expect(around(detail!.polygons![0]!)).toEqual(values);
  expect(detail!.mask).toEqual(DETAIL.mask);
  expect(detail!.keypoints).toEqual([
    [4, 6, 2],
    [0, 0, 0],
  ]);
  expect(detail!.columns).toEqual({ score: 0.5 });
});

test('the areas of rings add up, whichever way they run', () => {
  expect(ringsArea([[0, 0, 4, 0, 4, 3]])).toBe(6);
  expect(
    ringsArea([
      [4, 3, 4, 0, 0, 0],
      [0, 0, 0, 2, 2, 2, 2, 0],
    ]),
  ).toBe(10);
});

test.each([
  { polygons: [['1', 2]] },
  { mask: { size: [1, 2, 3], counts: [] } },
  { polygons: [[1, 2, 3]] },
  { mask: { size: [2, 2], counts: 'X' } },
  { mask: { size: [1e9, 1e9], counts: [1, 1] } },
  { mask: { size: [2, 2], counts: [1, 9] } },
  { keypoints: [[1]] },
  { attributes: [] },
  { other: 1 },
])('no detail: %j', (value) => {
  expect(parseDetail(value)).toBeNull();
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folders.ts';
import type { Detail } from '../../base/detail.ts';
import { Reading } from './reading.ts';
import { readLines } from './yolo-lines.ts';

const names = new Map([
  [0, 'cat'],
  [1, 'dog'],
]);

async function read(text: string, keypoints: { count: number; numbers: number } | null = null) {
  const root = temporaryFolder();
  const file = join(root, 'a.txt');
  writeFileSync(file, text);
  const reading = new Reading(root);
  const { boxes } = (await readLines(file, { names, keypoints }, reading)).known();
  const { left, skipped } = reading.result();
  return {
    // Rounded, since a polygon's box is computed.
    boxes: boxes?.map(({ label, values }) => [label, ...values.map((value) => Number(value.toFixed(9)))]),
    detail: boxes?.[0]?.detail,
    left,
    skipped: skipped.examples,
  };
}

const FOUR_PAIRS = { count: 4, numbers: 2 };

test.each<[string, string, typeof FOUR_PAIRS | null, unknown[], Detail | undefined]>([
  ['a box', '0 .5 .5 .2 .2', null, ['cat', 0.5, 0.5, 0.2, 0.2], undefined],
  ['a class with a point', '1.0 .5 .5 .2 .2', null, ['dog', 0.5, 0.5, 0.2, 0.2], undefined],
  [
    'an exponent and Windows line ends',
    '1 5e-1 .5 .2 2E-1\r\n\r\n',
    null,
    ['dog', 0.5, 0.5, 0.2, 0.2],
    undefined,
  ],
  ['a confidence', '0 .5 .5 .2 .2 0.87', null, ['cat', 0.5, 0.5, 0.2, 0.2], { columns: { score: 0.87 } }],
  ['a track id', '0 .5 .5 .2 .2 17', null, ['cat', 0.5, 0.5, 0.2, 0.2], { columns: { track_id: 17 } }],
  [
    'both',
    '0 .5 .5 .2 .2 0.87 17',
    null,
    ['cat', 0.5, 0.5, 0.2, 0.2],
    { columns: { score: 0.87, track_id: 17 } },
  ],
  ['a triangle', '0 0 0 1 0 1 .5', null, ['cat', 0.5, 0.25, 1, 0.5], { polygons: [[0, 0, 1, 0, 1, 0.5]] }],
  [
    'points of a pose',
    '0 .5 .5 .2 .2 .45 .45 .55 .45 .45 .55 .55 .55',
    FOUR_PAIRS,
    ['cat', 0.5, 0.5, 0.2, 0.2],
    {
      keypoints: [
        [0.45, 0.45],
        [0.55, 0.45],
        [0.45, 0.55],
        [0.55, 0.55],
      ],
    },
  ],
  [
    'the same numbers without kpt_shape: a polygon',
    '0 .5 .5 .2 .2 .4 .4 .6 .4 .4 .6 .6 .6',
    null,
    ['cat', 0.4, 0.4, 0.4, 0.4],
    { polygons: [[0.5, 0.5, 0.2, 0.2, 0.4, 0.4, 0.6, 0.4, 0.4, 0.6, 0.6, 0.6]] },
  ],
  [
    'hidden points beyond the image',
    '0 .5 .5 .2 .2 0 0 0 2 3 1',
    { count: 2, numbers: 3 },
    ['cat', 0.5, 0.5, 0.2, 0.2],
    {
      keypoints: [
        [0, 0, 0],
        [2, 3, 1],
      ],
    },
  ],
  ['rounding', '0 1.005 .5 .2 .2', null, ['cat', 1.005, 0.5, 0.2, 0.2], undefined],
])('reads %s', async (_, text, keypoints, box, detail) => {
  const found = await read(text, keypoints);
  expect(found.skipped).toEqual([]);
  expect(found.boxes).toEqual([box]);
  expect(found.detail).toEqual(detail);
  expect(found.left).toEqual([]);
});

test.each([
  ['pixels', '0 320 240 64 48', null, '320 is not between 0 and 1'],
  ['an unknown class', '2 .5 .5 .2 .2', null, 'names no class 2'],
  ['half a class', '0.5 .5 .5 .2 .2', null, 'must be a whole number, not 0.5'],
  ['a class by name', 'cat .5 .5 .2 .2', null, 'must be a whole number, not cat'],
  ['three numbers', '0 .5 .5 .2', null, 'expected a class and four numbers'],
  ['a text', '0 .5 .5 .2 wide', null, 'wide is no number'],
  ['NaN', '0 .5 .5 .2 nan', null, 'nan is no number'],
  ['a negative size', '0 .5 .5 -0.005 .2', null, 'negative size'],
  ['keypoints of another shape', '0 .5 .5 .2 .2 .1 .1', FOUR_PAIRS, 'expected 12 numbers'],
  ['an odd number', '0 .5 .5 .2 .2 .1 .1 .1', null, 'need `kpt_shape`'],
])('skips %s, and reads the line below', async (_, text, keypoints, says) => {
  const found = await read(`${text}\n1 .5 .5 .2 .2\n`, keypoints);
  expect(found.boxes).toEqual([['dog', 0.5, 0.5, 0.2, 0.2]]);
  expect(found.skipped).toHaveLength(1);
  expect(found.skipped[0]).toMatch(/^a\.txt, line 1: /);
  expect(found.skipped[0]).toContain(says);
});

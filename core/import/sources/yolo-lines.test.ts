import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { Reading } from './reading.ts';
import { readLines } from './yolo-lines.ts';

const names = new Map([
  [0, 'cat'],
  [1, 'dog'],
]);

async function read(text: string, keypoints: number | null = null) {
  const root = temporaryFolder();
  const file = join(root, 'a.txt');
  writeFileSync(file, text);
  const reading = new Reading(root);
  const { boxes } = (await readLines(file, { names, keypoints }, reading)).known();
  const { left, skipped } = reading.result();
  return {
    // Rounded, since a polygon's box is computed.
    boxes: boxes?.map(({ label, values }) => [label, ...values.map((value) => Number(value.toFixed(9)))]),
    left: Object.fromEntries(left.map(({ kind, count }) => [kind, count])),
    skipped: skipped.examples,
  };
}

test.each<[string, string, number | null, unknown[], Record<string, number>]>([
  ['a box', '0 .5 .5 .2 .2', null, ['cat', 0.5, 0.5, 0.2, 0.2], {}],
  ['a class with a point', '1.0 .5 .5 .2 .2', null, ['dog', 0.5, 0.5, 0.2, 0.2], {}],
  ['an exponent and Windows line ends', '1 5e-1 .5 .2 2E-1\r\n\r\n', null, ['dog', 0.5, 0.5, 0.2, 0.2], {}],
  ['a confidence', '0 .5 .5 .2 .2 0.87', null, ['cat', 0.5, 0.5, 0.2, 0.2], { score: 1 }],
  ['a track id', '0 .5 .5 .2 .2 17', null, ['cat', 0.5, 0.5, 0.2, 0.2], { track: 1 }],
  ['both', '0 .5 .5 .2 .2 0.87 17', null, ['cat', 0.5, 0.5, 0.2, 0.2], { score: 1, track: 1 }],
  ['a triangle', '0 0 0 1 0 1 .5', null, ['cat', 0.5, 0.25, 1, 0.5], { polygon: 1 }],
  [
    'points of a pose',
    '0 .5 .5 .2 .2 .45 .45 .55 .45 .45 .55 .55 .55',
    8,
    ['cat', 0.5, 0.5, 0.2, 0.2],
    { keypoints: 1 },
  ],
  [
    'the same numbers without kpt_shape: a polygon',
    '0 .5 .5 .2 .2 .4 .4 .6 .4 .4 .6 .6 .6',
    null,
    ['cat', 0.4, 0.4, 0.4, 0.4],
    { polygon: 1 },
  ],
  [
    'hidden points beyond the image',
    '0 .5 .5 .2 .2 0 0 0 2 3 1',
    6,
    ['cat', 0.5, 0.5, 0.2, 0.2],
    { keypoints: 1 },
  ],
  ['rounding', '0 1.005 .5 .2 .2', null, ['cat', 1.005, 0.5, 0.2, 0.2], {}],
])('reads %s', async (_, text, keypoints, box, left) => {
  const found = await read(text, keypoints);
  expect(found.skipped).toEqual([]);
  expect(found.boxes).toEqual([box]);
  expect(found.left).toEqual(left);
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
  ['keypoints of another shape', '0 .5 .5 .2 .2 .1 .1', 8, 'expected 12 numbers'],
  ['an odd number', '0 .5 .5 .2 .2 .1 .1 .1', null, 'need `kpt_shape`'],
])('skips %s, and reads the line below', async (_, text, keypoints, says) => {
  const found = await read(`${text}\n1 .5 .5 .2 .2\n`, keypoints);
  expect(found.boxes).toEqual([['dog', 0.5, 0.5, 0.2, 0.2]]);
  expect(found.skipped).toHaveLength(1);
  expect(found.skipped[0]).toMatch(/^a\.txt, line 1: /);
  expect(found.skipped[0]).toContain(says);
});

import { expect, test } from 'vitest';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import { cellsOf, confusedPairs, mostConfused, pairsAbout } from './pairs.ts';

const report: LabelReport = {
  role: 'real',
  images: 10,
  of: 10,
  classes: [],
  confusion: [
    [3, 1, 0],
    [0, 2, 0],
    [0, 4, 0],
  ],
  uncounted: 0,
  predicted: null,
  risk: null,
  wrongShare: 0,
  issues: {},
};

test('cells come from the predictions, in older runs from the confident counts', () => {
  expect(cellsOf({ ...report, predicted: [[0, 2, 5]] })).toEqual([{ given: 0, predicted: 2, images: 5 }]);
  expect(cellsOf(report)).toHaveLength(4);
});

test('pairs leave the diagonal out, the largest first', () => {
  expect(confusedPairs(cellsOf(report))).toEqual([
    { given: 2, predicted: 1, images: 4 },
    { given: 0, predicted: 1, images: 1 },
  ]);
});

test('of many classes those with the most confusion are drawn, in their own order', () => {
  const pairs = confusedPairs(cellsOf(report));
  expect(mostConfused(pairs, 3, 2)).toEqual([1, 2]);
  expect(mostConfused(pairs, 3, 10)).toEqual([0, 1, 2]);
  expect(mostConfused([], 3, 2)).toEqual([0, 1]);
});

test('pairs are found by a part of either name', () => {
  const pairs = confusedPairs(cellsOf(report));
  const names = ['Apple', 'pear', 'Plum'];
  expect(pairsAbout(pairs, names, ' plu ').map(({ given }) => given)).toEqual([2]);
  expect(pairsAbout(pairs, names, '')).toEqual(pairs);
  expect(pairsAbout(pairs, names, 'fig')).toEqual([]);
});

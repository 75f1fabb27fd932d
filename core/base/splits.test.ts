import { expect, test } from 'vitest';
import { isSplitName, partOf } from './splits.ts';

test.each([
  ['train', 'train'],
  ['Training', 'train'],
  ['train2014', 'train'],
  ['val2017', 'val'],
  ['valid_2012', 'val'],
  ['dev', 'val'],
  ['test2017', 'test'],
  ['test-2007', 'test'],
  ['holdout', 'test'],
  ['holdout_3', 'test'],
  ['eval', undefined],
] as const)('%s is a split, for %s', (name, part) => {
  expect([isSplitName(name), partOf(name)]).toEqual([true, part]);
});

test.each(['fold 1', 'train_3', 'test3017', '2017', 'trains', 'holdouts', ''])('%j says nothing', (name) => {
  expect([isSplitName(name), partOf(name)]).toEqual([false, undefined]);
});

test('images without a split are trained on', () => {
  expect(partOf(null)).toBe('train');
});

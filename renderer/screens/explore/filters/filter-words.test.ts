import { expect, test } from 'vitest';
import { ImageFilterSchema, type ImageFilter } from '../../../../rpc/contract/images.ts';
import { chipsOf, rangeWords, toggled, valueWords } from './filter-words.ts';

const filter: ImageFilter = {
  batches: ['a', 'b'],
  roles: ['holdout'],
  labels: [null, 'cat'],
  predicted: ['dog'],
  strata: ['audit'],
  flags: ['near-duplicate'],
  certainties: ['neighbour'],
  decisions: ['none'],
  reviewers: ['Mara'],
  scores: { margin: [null, 0.25], novelty: [0.5, 1] },
  prompt: ' a cat ',
  groupOf: 'abcdef0123456789',
  lasso: {
    layout: 'pca',
    polygon: [
      [0, 0],
      [1, 0],
      [0, 1],
    ],
  },
};
const chips = chipsOf(filter, (id) => id.toUpperCase());

test('every choice is a chip', () => {
  expect(chips.map(({ group, text }) => `${group}: ${text}`)).toEqual([
    'Batch: a',
    'Batch: b',
    'Role: Hold-out',
    'Label: no label',
    'Label: cat',
    'Predicted: dog',
    'Queued as: Audit sample',
    'Found: Near-duplicate',
    'How sure: Neighbouring shot',
    'Decision: Not decided',
    'Reviewer: Mara',
    'MARGIN: up to 0.250',
    'NOVELTY: 0.500 to 1',
    'Prompt: “a cat”',
    'Duplicates of: abcdef01',
    'Lasso: on the PCA map',
  ]);
});

test('taking a chip away takes away that choice and no other', () => {
  for (const { key, without } of chips) {
    expect(ImageFilterSchema.safeParse(without).success).toBe(true);
    const left = chipsOf(without, String).map((chip) => chip.key);
    expect(left).toEqual(chips.map((chip) => chip.key).filter((other) => other !== key));
  }
});

test('taking all of them away leaves the empty filter', () => {
  let left = filter;
  while (Object.keys(left).length > 0) left = chipsOf(left, String)[0]?.without ?? {};
  expect(chipsOf(left, String)).toEqual([]);
});

test('values and ranges in words', () => {
  expect([valueWords(3), valueWords(0.12345), valueWords(123.4), valueWords(0.00001)]).toEqual([
    '3',
    '0.123',
    '123',
    '0.00001',
  ]);
  expect(rangeWords(0.1, null)).toBe('from 0.100');
});

test('a value is put in, and taken out again', () => {
  expect(toggled(undefined, 'a')).toEqual(['a']);
  expect(toggled(['a', null], null)).toEqual(['a']);
});

import { expect, test } from 'vitest';
import { findWords } from './find-words.ts';

const LABELS = [
  'green cherry',
  'cherry-red',
  'Cherry-Green',
  'black cherry',
  'schräg',
  'evergreen cherry tree',
];

test('every word must be there, in any order, at the beginning of a word before inside one', () => {
  expect(findWords(LABELS, 'cherry g')).toEqual(['green cherry', 'Cherry-Green', 'evergreen cherry tree']);
  expect(findWords(LABELS, 'cherry')).toEqual([
    'cherry-red',
    'Cherry-Green',
    'green cherry',
    'black cherry',
    'evergreen cherry tree',
  ]);
  expect(findWords(LABELS, 'SCHRAG')).toEqual(['schräg']);
  expect(findWords(LABELS, 'cherry blue')).toEqual([]);
  expect(findWords(LABELS, ' ')).toEqual(LABELS);
});

test('one of 2,000 is found by two parts of its name', () => {
  const many = Array.from({ length: 2000 }, (_, i) => `crate ${i} of apples`);
  expect(findWords(many, 'app 1777')).toEqual(['crate 1777 of apples']);
});

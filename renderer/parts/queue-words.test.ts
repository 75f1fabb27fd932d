import { expect, test } from 'vitest';
import { draftOf, NO_WORDS, wordsOf } from './queue-words.ts';

test('what is typed of a queue is what is set, and comes back as it was typed', () => {
  const draft = {
    name: 'Faces',
    due: '2030-01-31',
    people: 'Ada Lovelace: 200\nBob: the second',
    instructions: '# Look',
  };
  const words = wordsOf(draft);
  expect(words.assignees).toEqual([
    { reviewer: 'Ada Lovelace', answers: 200 },
    { reviewer: 'Bob: the second', answers: null },
  ]);
  expect(draftOf(words)).toEqual(draft);
  expect(wordsOf({ ...NO_WORDS, people: ' \n ', instructions: ' ' })).toEqual({
    name: null,
    due: null,
    assignees: [],
    instructions: null,
  });
});

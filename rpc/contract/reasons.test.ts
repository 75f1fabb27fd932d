import { expect, test } from 'vitest';
import { reasonWords } from './reasons.ts';

const words = reasonWords(
  [{ id: 'margin', meaning: 'two classes (or more) are about equally likely' }],
  [{ id: 'badge', title: 'BADGE', meaning: 'what would change the model most' }],
);

test('a reason says what its score means, its value, and how rare that is', () => {
  expect(words({ score: 'margin', value: 0.12345, rank: 3, of: 1000 })).toEqual({
    words: 'two classes (or more) are about equally likely',
    figures: 'margin 0.123, less than 1 % of the candidates are as extreme',
  });
  expect(words({ score: 'gone', value: -2, rank: 101, of: 1000, threshold: 0.5 })).toEqual({
    words: 'gone',
    figures: 'gone -2.000, threshold 0.5, 11 % of the candidates are as extreme',
  });
});

test('a reason names the method, or says the sentence that an earlier version recorded', () => {
  expect(words({ method: 'badge' }).words).toBe('chosen by BADGE: what would change the model most');
  expect(words({ method: 'gone' }).words).toBe('chosen by gone');
  expect(words({ text: 'margin 0.1: (so)' })).toEqual({ words: 'margin 0.1: (so)', figures: null });
});

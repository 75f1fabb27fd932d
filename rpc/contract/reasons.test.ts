import { expect, test } from 'vitest';
import { isExtreme, reasonWords } from './reasons.ts';

const words = reasonWords(
  [{ id: 'margin', meaning: 'two classes (or more) are about equally likely' }],
  [{ id: 'badge', title: 'How much it teaches', meaning: 'what would change the model most' }],
);

test('a reason says what its score means, its value, and how rare that is', () => {
  expect(words({ score: 'margin', value: 0.12345, rank: 3, of: 1000 })).toEqual({
    words: 'two classes (or more) are about equally likely',
    rarity: 'Fewer than 1 in 100 images are as extreme.',
    figures: 'margin 0.123, less than 1 % of the candidates are as extreme',
  });
  expect(words({ score: 'margin', value: 0, rank: 10, of: 1000 }).rarity).toBe(
    '1 in 100 images is as extreme.',
  );
  expect(words({ score: 'gone', value: -2, rank: 101, of: 1000, threshold: 0.5 })).toEqual({
    words: 'gone',
    rarity: '11 in 100 images are as extreme.',
    figures: 'gone -2.000, threshold 0.5, 11 % of the candidates are as extreme',
  });
});

test('a reason names the method, or says the sentence that an earlier version recorded', () => {
  expect(words({ method: 'badge' }).words).toBe(
    'chosen by how much it teaches: what would change the model most',
  );
  expect(words({ method: 'gone' }).words).toBe('chosen by gone');
  expect(words({ text: 'margin 0.1: (so)' })).toEqual({
    words: 'margin 0.1: (so)',
    rarity: null,
    figures: null,
  });
});

test('only what is rare, or beyond its threshold at the suspect end, is extreme', () => {
  const of = (rank: number, value = 0.5, threshold?: number) => ({
    score: 's',
    value,
    rank,
    of: 100,
    threshold,
  });
  expect(isExtreme(of(5), 'high')).toBe(true);
  expect(isExtreme(of(6), 'high')).toBe(false);
  expect(isExtreme(of(100), 'low')).toBe(false);
  expect(isExtreme(of(30, 0.2, 0.3), 'low')).toBe(true);
  expect(isExtreme(of(30, 0.2, 0.3), 'high')).toBe(false);
  expect(isExtreme(of(30, 0.2, 0.3), undefined)).toBe(false);
  expect(isExtreme({ method: 'badge' }, undefined)).toBe(true);
});

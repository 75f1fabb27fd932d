import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeName, splitFolders, uniqueNames, wordName } from './names.ts';
import { checkOutputPath, collisionKey } from './output-path.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '.', ' ', '_', '%', '/', '~', 'é', 'e\u0301', '\0') }),
  fc.constantFrom('', 'nul', 'NUL.x', 'com1', 'COM¹.txt', '..', '.', ' ', 'x'.repeat(121), '👩‍🔬'.repeat(50)),
);

test('plain labels keep their names; the others can be read through', () => {
  const labels = [
    'cat',
    'apple-granny-smith',
    'Äpfel (rot)',
    '赤いリンゴ',
    'a/b',
    '../x',
    'end.',
    '_x',
    'NUL',
  ];
  expect(labels.map(safeName)).toEqual([
    'cat',
    'apple-granny-smith',
    'Äpfel (rot)',
    '赤いリンゴ',
    'a%2Fb',
    '%2E.%2Fx',
    'end%2E',
    '%5Fx',
    '%4EUL',
  ]);
});

test('any text becomes a portable name that is not hidden', () => {
  fc.assert(
    fc.property(text, (label) => {
      for (const name of [safeName(label), wordName(label)]) {
        checkOutputPath(name);
        expect(name).not.toMatch(/^[._]/);
      }
      expect(wordName(label)).toMatch(/^\w+$/);
    }),
  );
});

test('different texts have different names', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      fc.pre(a !== b);
      expect(safeName(a)).not.toBe(safeName(b));
    }),
  );
});

test('no file system confuses two names of a set', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text), (labels) => {
      for (const names of [uniqueNames(labels, safeName, '~'), uniqueNames(labels, wordName, '_')]) {
        expect(new Set([...names.values()].map(collisionKey)).size).toBe(labels.length);
        for (const name of names.values()) checkOutputPath(name);
      }
    }),
  );
});

test('images without a split share the training split, whatever its spelling', () => {
  const folders = (...splits: (string | null)[]): unknown => Object.fromEntries(splitFolders(splits));
  expect(folders(null)).toEqual({ null: 'train' });
  expect(folders(null, 'test')).toEqual({ null: 'train', test: 'test' });
  expect(folders(null, 'train')).toEqual({ null: 'train', train: 'train' });
  expect(folders(null, 'Training', 'val')).toEqual({ null: 'Training', Training: 'Training', val: 'val' });
  expect(folders('test', 'train_2')).toEqual({ test: 'test', train_2: 'train_2' });
});

test('no split has the name that stands for all of them', () => {
  expect(wordName('all')).toBe('split_all');
  expect(wordName('ALL')).toBe('split_ALL');
});

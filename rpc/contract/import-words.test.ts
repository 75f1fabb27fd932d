import { expect, test } from 'vitest';
import { leftLines, moreClasses, mostFrequent } from './import-words.ts';
import type { LeftBehind } from './imports.ts';

const column = (name: string, count: number): LeftBehind => ({ kind: 'column', name, count, example: null });

test('many columns are one line, and two are two', () => {
  const track: LeftBehind = { kind: 'track', name: '', count: 50, example: 'b.json' };
  const columns = [column('a', 40), column('b', 3), { ...column('c', 1), example: 'a.csv' }];
  expect(leftLines([track, ...columns])).toEqual([
    { words: '50 track ids', example: 'b.json' },
    { words: '44 values in 3 columns: "a", "b", "c"', example: 'a.csv' },
  ]);
  expect(leftLines(columns.slice(0, 2))).toEqual([
    { words: '40 values in the column "a"', example: null },
    { words: '3 values in the column "b"', example: null },
  ]);
  const many = Array.from({ length: 1012 }, (_, i) => column(`k${i}`, 2));
  expect(leftLines(many).map(({ words }) => words)).toEqual([
    expect.stringMatching(/^2,024 values in 1,012 columns: "k0", .*"k9" and 1,002 more$/),
  ]);
});

test('files of several kinds keep a line each', () => {
  const files = ['.a', '.b', '.c'].map((name): LeftBehind => ({
    kind: 'file',
    name,
    count: 1,
    example: null,
  }));
  expect(leftLines(files).map(({ words }) => words)).toEqual(['1 file .a', '1 file .b', '1 file .c']);
});

const classes = (files: number[]) => files.map((count, i) => ({ name: `${i}`, files: count, known: false }));

test('classes are shown by their images, the rest is counted', () => {
  expect(mostFrequent(classes([0, 1, 0, 5, 1])).map(({ name }) => name)).toEqual(['3', '1', '4', '0', '2']);
  expect(moreClasses(classes([2, 1]))).toBe('2 more');
  expect(moreClasses(classes([2, 0, 0]))).toBe('3 more, 2 of them without an image');
  expect(moreClasses(classes([0, 0]))).toBe('2 more without an image');
});

import { expect, test } from 'vitest';
import {
  baseName,
  besideProject,
  bytes,
  counted,
  decimal,
  duration,
  integer,
  joinPath,
  percent,
  figure,
  shortened,
} from './format.ts';

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [999.6, '1000 ms'],
  [4200, '4.2 s'],
  [9996, '10 s'],
  [59_600, '1 min'],
  [192_000, '3 min 12 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.083, '8.3 %'],
  [0.08, '8 %'],
  [0.0004, '< 0.1 %'],
  [1, '100 %'],
])('the share %d reads %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  [0, '0'],
  [0.123456, '0.1235'],
  [1234.5, '1235'],
  [-0.00001, '-1.00e-5'],
  [Number.NaN, '–'],
])('the value %d reads %s', (value, text) => {
  expect(decimal(value)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [5 * 1024 ** 3, '5 GiB'],
])('%d bytes read %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test('counts agree with their noun', () => {
  expect([counted(1, 'image'), counted(1_200, 'image'), counted(2, 'class', 'classes')]).toEqual([
    '1 image',
    '1,200 images',
    '2 classes',
  ]);
  expect(integer(1_000_000)).toBe('1,000,000');
});

test.each([
  ['/home/ada', 'x', '/home/ada/x', 'x'],
  ['/', 'x', '/x', 'x'],
  ['C:\\Data', 'x', 'C:\\Data\\x', 'x'],
])('%s and %s make %s', (folder, name, joined, base) => {
  expect(joinPath(folder, name)).toBe(joined);
  expect(baseName(joined)).toBe(base);
});

test('figures have three digits, very small ones a power of ten, missing ones a dash', () => {
  expect([0, 0.1234, 1234.5, -2, 0.000123, null].map(figure)).toEqual([
    '0',
    '0.123',
    '1230',
    '-2',
    '1.2e-4',
    '–',
  ]);
});

test('a name is shortened in its middle, and no more than it has to be', () => {
  expect(shortened('apple, crate 041', 16)).toBe('apple, crate 041');
  expect(shortened('apple, crate 041', 9)).toBe('appl… 041');
});

test.each([
  ['/home/ada/parts.assay', '/home/ada/parts-mix-1'],
  ['/parts.assay', '/parts-mix-1'],
  ['C:\\Data\\parts.assay', 'C:\\Data\\parts-mix-1'],
])('a mix of %s lies beside it', (project, folder) => {
  expect(besideProject(project, 'mix-1')).toBe(folder);
});

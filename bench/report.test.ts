import { expect, test } from 'vitest';
import { median } from './context.ts';
import { mebibytes, number, outOf, percent, ratio, renderTable } from './report.ts';

test('a table lines up its columns and wraps its notes between words', () => {
  const note = `${'word '.repeat(30)}end`;
  const text = renderTable({
    title: 'Rates',
    columns: ['what', 'images/s'],
    rows: [
      ['import', '8'],
      ['decode', '1,234,567,890'],
    ],
    notes: [note],
  });
  const lines = text.split('\n');
  expect(lines.slice(0, 6)).toEqual([
    'Rates',
    '=====',
    'what         images/s',
    '------  -------------',
    'import              8',
    'decode  1,234,567,890',
  ]);
  expect(lines.slice(6).join(' ')).toBe(note);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
});

test.each([
  [0, '0'],
  [12_345, '12,345'],
  [1234.5, '1,235'],
  [12.345, '12.3'],
  [1.2345, '1.23'],
  [0.01234, '0.012'],
  [Number.NaN, '-'],
  [Infinity, '-'],
])('number(%s) is %s', (value, text) => expect(number(value)).toBe(text));

test.each([
  [0, '0 %'],
  [0.05, '5 %'],
  [0.057, '5.7 %'],
  [0.1, '10 %'],
  [0.954, '95 %'],
  [0 / 0, '-'],
])('percent(%s) is %s', (share, text) => expect(percent(share)).toBe(text));

test('a ratio has two decimals below ten', () => {
  expect([0.97, 1, 12.34, 1 / 0].map(ratio)).toEqual(['0.97', '1.00', '12.3', '-']);
});

test('memory is in MiB and counts are out of a total', () => {
  expect(mebibytes(1.5 * 2 ** 30)).toBe('1,536 MiB');
  expect(outOf(3, 1200)).toBe('3/1,200');
});

test('the median of an even number of values lies between the middle two', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 6])).toBe(5.5);
  expect(() => median([])).toThrow(/nothing/);
});

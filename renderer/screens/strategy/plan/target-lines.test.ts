import { expect, test } from 'vitest';
import { classesOf, linesOf } from './target-lines.ts';

test('lines name classes, the number behind the last sign; what is wrong is said', () => {
  const names = ['gear', 'a = b'];
  const classes = [
    { label: 'gear', images: 500 },
    { label: 'a = b', images: 0 },
  ];
  expect(classesOf(`\n gear=500 \n${linesOf(classes.slice(1))}`, names)).toEqual({ classes, error: null });
  expect(classesOf('', names)).toEqual({ classes: [], error: null });
  expect(classesOf('gear', names).error).toContain('such as gear = 500');
  expect(classesOf('bolt = 5', names).error).toContain('“bolt”');
  expect(classesOf('gear = 5\ngear = 6', names).error).toContain('twice');
});

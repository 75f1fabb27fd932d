import { expect, test } from 'vitest';
import { classCalled, cleanName, foldedName, shownName } from './class-name.ts';

test.each([
  ['cat', 'cat'],
  [' cat ', 'cat'],
  ['\tcat\r\n', 'cat'],
  ['\u00A0cat\u3000', 'cat'],
  ['\u0085cat\u2028', 'cat'],
  ['\uFEFFcat\u200B', 'cat'],
  ['\u200Ecat\u2060\u00AD', 'cat'],
  ['hot  dog', 'hot  dog'],
  ['ni\u200Cm', 'ni\u200Cm'],
  ['\u2764\uFE0F', '\u2764\uFE0F'],
  ['e\u0301clair', '\u00E9clair'],
  ['\u1112\u1161\u11AB', '\uD55C'],
  [' \u200B\t', ''],
])('%j is the class %j', (written, name) => {
  expect(cleanName(written)).toBe(name);
  expect(cleanName(name)).toBe(name);
});

test('a name of a million blanks inside is read at once', () => {
  const name = `a${' '.repeat(1_000_000)}b`;
  expect(cleanName(name)).toBe(name);
});

test('a text names the class called exactly so, else the one called so without blanks', () => {
  const classes = new Set([' cat ', 'cat', 'dog', '\u00E9clair']);
  const called = [' cat ', 'cat', ' dog', 'e\u0301clair', 'Dog'].map((text) => classCalled(text, classes));
  expect(called).toEqual([' cat ', 'cat', 'dog', '\u00E9clair', undefined]);
});

test('what does not show in a name is escaped in sentences', () => {
  expect(shownName(' cat ')).toBe('" cat "');
  expect(shownName('b\u00A0\t')).toBe(String.raw`"b\u00a0\t"`);
  expect(shownName('\uFEFFe\u0301"\u200B')).toBe(String.raw`"\ufeffe\u0301\"\u200b"`);
  expect(shownName('\u0939\u093F\u0928\u094D\u0926\u0940 ')).toBe('"\u0939\u093F\u0928\u094D\u0926\u0940 "');
  expect(shownName('\u00E9clair 犬')).toBe('"éclair 犬"');
});

test('names are alike where only capitals and blanks tell them apart', () => {
  expect(foldedName('Traffic\u00A0 Light ')).toBe(foldedName('traf\u200Bfic light'));
  expect(foldedName('traffic-light')).not.toBe(foldedName('traffic light'));
});

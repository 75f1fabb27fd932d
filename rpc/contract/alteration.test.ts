import { expect, test } from 'vitest';
import { alterationWords, certaintyWords, copyWords, type Alteration } from './alteration.ts';
import type { PairCertainty } from './terms.ts';

const NONE: Alteration = { mirrored: false, turned: 0, cropped: 0, bordered: false, changed: 0 };

test.each<[string, Partial<Alteration>]>([
  ['', { turned: 0.4, cropped: 0.01, changed: 0.02 }],
  ['mirrored', { mirrored: true }],
  ['mirrored top to bottom', { mirrored: true, turned: 180 }],
  ['mirrored top to bottom', { mirrored: true, turned: -179.8 }],
  ['upside down', { turned: 180 }],
  ['turned 90° right', { turned: 90.2 }],
  ['mirrored, turned 90° left', { mirrored: true, turned: -90 }],
  ['rotated 5°, cropped 9 %', { turned: -5.2, cropped: 0.088 }],
  ['turned 90° right, rotated 3°', { turned: 93 }],
  ['with a border, partly changed', { bordered: true, changed: 0.2 }],
])('says "%s"', (words, change) => {
  expect(alterationWords({ ...NONE, ...change })).toBe(words);
});

test('names the original', () => {
  const words = (certainty: PairCertainty, alteration: Alteration | null): string =>
    copyWords('real/a.png', { certainty, alteration });
  expect(words('same-pixels', null)).toBe('same pixels as real/a.png');
  expect(words('same-picture', null)).toBe('same picture as real/a.png');
  expect(words('same-picture', { ...NONE, mirrored: true })).toBe('same picture as real/a.png, mirrored');
  expect(words('same-picture', NONE)).toBe('same picture as real/a.png');
  expect(words('neighbour', null)).toBe('neighbouring shot of real/a.png');
});

test('says of a confirmed copy what was done', () => {
  expect(certaintyWords('same-pixels', null)).toBe('same pixels');
  expect(certaintyWords('same-picture', { ...NONE, cropped: 0.2 })).toBe('same picture: cropped 20 %');
});

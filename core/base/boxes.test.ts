import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelOfBoxes, parseBoxes, toPixels, toRelative, type Box } from './boxes.ts';

const box = (label: string, format: Box['format'], ...values: Box['values']): Box => ({
  label,
  format,
  values,
});

test('the same box in pixels and in fractions', () => {
  expect(toRelative(box('a', 'xywh-pixel', 10, 20, 40, 10), 100, 50)).toEqual([0.3, 0.5, 0.4, 0.2]);
  expect(toPixels(box('a', 'cxcywh-relative', 0.3, 0.5, 0.4, 0.2), 100, 50)).toEqual([
    expect.closeTo(10, 9),
    20,
    40,
    10,
  ]);
});

test('a box in its own format is not touched, to the last bit', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.tuple(number, number, number, number), fc.integer({ min: 1 }), (values, size) => {
      expect(toPixels(box('a', 'xywh-pixel', ...values), size, size)).toStrictEqual(values);
      expect(toRelative(box('a', 'cxcywh-relative', ...values), size, size)).toStrictEqual(values);
    }),
  );
});

test('an image has the class of its boxes only if they agree', () => {
  const [cat, dog] = [box('cat', 'xywh-pixel', 0, 0, 1, 1), box('dog', 'xywh-pixel', 0, 0, 1, 1)];
  const labels = [[], [cat], [cat, cat], [cat, dog]].map((boxes) => labelOfBoxes(boxes));
  expect(labels).toEqual([null, 'cat', 'cat', null]);
  const blank = box(' cat', 'xywh-pixel', 0, 0, 1, 1);
  expect(labelOfBoxes([cat, blank])).toBe(null);
  expect(labelOfBoxes([cat, blank], (name) => name.trim())).toBe('cat');
});

test('boxes from JSON are accepted only whole', () => {
  const good = box('a', 'xywh-pixel', 1, 2, 3, 4);
  expect(parseBoxes(JSON.parse(JSON.stringify([good])))).toEqual([good]);
  const bad = [
    { ...good, values: [1, 2, 3] },
    { ...good, values: [1, 2, 3, null] },
    { ...good, format: 'x' },
    { ...good, label: 1 },
    null,
  ];
  for (const one of bad) expect(parseBoxes([good, one])).toBeNull();
  expect(parseBoxes({})).toBeNull();
});

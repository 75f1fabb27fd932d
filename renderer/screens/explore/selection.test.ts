import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isChosen,
  moved,
  NOTHING,
  onlyOne,
  rangeOf,
  wholeView,
  withRange,
  withToggled,
  type Move,
} from './selection.ts';

const image = (id: number) => ({ id, sha256: `hash-${id}` });
const hashes = (selection: typeof NOTHING) => [...selection.picked.keys()];

describe('choosing', () => {
  test('one, another besides, and the first one out again', () => {
    const two = withToggled(onlyOne(image(3), 3), image(7), 7);
    expect(hashes(two)).toEqual(['hash-3', 'hash-7']);
    expect(hashes(withToggled(two, image(3), 3))).toEqual(['hash-7']);
  });

  test('a range keeps its anchor, and grows and shrinks with the cursor', () => {
    const one = onlyOne(image(5), 5);
    const longer = withRange(one, [5, 6, 7].map(image), 7, false);
    const back = withRange(longer, [4, 5].map(image), 4, false);
    expect([longer.anchor, back.anchor, back.cursor]).toEqual([5, 5, 4]);
    expect(hashes(back)).toEqual(['hash-4', 'hash-5']);
    expect(hashes(withRange(longer, [image(9)], 9, true))).toHaveLength(4);
    expect([rangeOf(5, 7), rangeOf(5, 4)]).toEqual([
      { first: 5, end: 8 },
      { first: 4, end: 6 },
    ]);
  });

  test('the whole view holds every image until one is chosen alone', () => {
    const all = wholeView(onlyOne(image(1), 1));
    expect(isChosen(all, 'anything')).toBe(true);
    const one = withToggled(all, image(2), 2);
    expect([isChosen(one, 'hash-2'), isChosen(one, 'hash-1')]).toEqual([true, false]);
  });
});

describe('moving', () => {
  // 23 images, 5 to a row: the last row has 3.
  const grid = { total: 23, columns: 5, rowsPerPage: 2 };
  test.each<[Move, number | null, number]>([
    ['right', null, 0],
    ['end', null, 22],
    ['left', 5, 4],
    ['left', 0, 0],
    ['right', 22, 22],
    ['up', 3, 3],
    ['up', 8, 3],
    ['down', 16, 21],
    ['down', 19, 22],
    ['down', 21, 21],
    ['page-down', 1, 11],
    ['page-down', 14, 22],
    ['page-up', 8, 3],
    ['page-up', 17, 7],
    ['row-home', 13, 10],
    ['row-end', 11, 14],
    ['row-end', 20, 22],
  ])('%s from %s', (move, from, to) => {
    expect(moved(from, move, grid)).toBe(to);
  });

  test('never leaves the view', () => {
    const moves = [
      'left',
      'right',
      'up',
      'down',
      'page-up',
      'page-down',
      'home',
      'end',
      'row-home',
      'row-end',
    ] as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.constantFrom(...moves)),
        (total, columns, rowsPerPage, keys) => {
          let cursor: number | null = null;
          for (const key of keys) {
            cursor = moved(cursor, key, { total, columns, rowsPerPage });
            expect(cursor).toBeGreaterThanOrEqual(0);
            expect(cursor).toBeLessThan(total);
          }
        },
      ),
    );
  });
});

import { expect, test } from 'vitest';
import { isOutside } from '../../rpc/contract/measures.ts';
import type { Measured } from '../../rpc/contract/reports.ts';
import { alarmOf, alarmsOf } from './alarm.ts';
import { MEASURES } from './measures.ts';

/** Measures at so many half-widths of the band below its middle; the others in the middle. */
const at = (depths: Record<string, number>): Measured[] =>
  MEASURES.map((info) => {
    const band: [number, number, number] = [0.8, 0.9, 1];
    const value = 0.9 - 0.1 * (depths[info.id] ?? 0);
    return { ...info, value, band, why: null, outside: isOutside(value, { ...info, band }) };
  });
const raisedIn = (...batches: Measured[][]): boolean[] =>
  alarmsOf(batches).alarms.map(({ raised }) => raised);

test('two measures that fall outside their bands in two batches running are an alarm, at the third batch at the earliest', () => {
  const falling = [1.5, 3, 4.5].map((depth) => at({ recall: depth, entropy: 2 * depth }));
  expect(raisedIn(...falling)).toEqual([false, false, true]);
  expect(alarmOf(falling[2]!, falling[1]!, falling[0]!)).toEqual({
    raised: true,
    measures: ['recall', 'entropy'],
    text: 'Alarm: recall and nearest-neighbour entropy lie outside what real images give and fell further, in this batch and in the one before it.',
  });
});

test('one measure, a fall within the band, a level far outside, a slow fall and one that ends are no alarm', () => {
  const both = (...depths: number[]) =>
    raisedIn(...depths.map((depth) => at({ recall: depth, coverage: depth })));
  expect(raisedIn(...[2, 4, 6].map((depth) => at({ entropy: depth })))).not.toContain(true);
  expect(raisedIn(...[2, 4, 6].map((depth) => at({ vendi: depth, precision: depth })))).not.toContain(true);
  expect(both(-2, -1, 0, 0.9)).not.toContain(true);
  expect(both(9, 9, 9, 9)).not.toContain(true);
  expect(both(2, 2.4, 2.8, 3.2)).not.toContain(true);
  expect(both(2, 4, 4, 6)).not.toContain(true);
});

test('each batch is placed within its own band, and one without values sends no signal', () => {
  const [first, second, third] = [1.5, 3, 4.5].map((depth) => at({ recall: depth, coverage: depth }));
  // The same values in bands twice as wide lie half as deep.
  const wide = third!.map((one) => ({ ...one, band: [0.7, 0.9, 1.1] as [number, number, number] }));
  expect(raisedIn(first!, second!, wide)).toEqual([false, false, false]);
  const none = third!.map((one) => ({ ...one, value: null, outside: false }));
  expect(raisedIn(first!, second!, none)).toEqual([false, false, false]);
});

test('an alarm stands until its measures have come back to where they were before the fall', () => {
  const path = (...depths: number[]) =>
    alarmsOf(depths.map((depth) => at({ recall: depth, coverage: depth }))).standing;
  expect(path(1.5, 3, 4.5)).toMatchObject({ at: 2, measures: [{ id: 'recall' }, { id: 'coverage' }] });
  // Nothing is left to fall.
  expect(path(1.5, 3, 4.5, 4.5, 4.5)).toMatchObject({ at: 2 });
  expect(path(1.5, 3, 4.5, 1.6)).toBeNull();
  expect(path(1.5, 3, 4.5, 0)).toBeNull();
});

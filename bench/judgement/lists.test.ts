import { describe, expect, test } from 'vitest';
import { families } from '../../imaging/faults/index.ts';
import { FAMILIES, purposeOf, WORLDS, worldsOf } from './lists.ts';

test('every kind of fault that can be made is in one list, and no list names another', () => {
  const listed = [...FAMILIES.choose, ...FAMILIES.report];
  const madeHere = ['label-uniform', 'label-alike', 'label-as-model', 'foreign', 'near-copy'];
  expect(listed.toSorted()).toEqual([...families.keys(), ...madeHere].toSorted());
});

test('half of the worlds and a third of the faults are for report only', () => {
  expect(WORLDS.report.length).toBeGreaterThanOrEqual(WORLDS.choose.length);
  expect(FAMILIES.report.length * 2).toBeGreaterThanOrEqual(FAMILIES.choose.length);
});

test('what is in neither list has no purpose', () => {
  expect(purposeOf(WORLDS, 'fruits')).toBe('choose');
  expect(purposeOf(FAMILIES, 'motion')).toBe('report');
  expect(() => purposeOf(WORLDS, 'mars')).toThrow(/"mars"/);
});

describe('the worlds to judge', () => {
  test('are all of them, those named, or those to choose on', () => {
    expect(worldsOf(null, false)).toEqual([...WORLDS.choose, ...WORLDS.report]);
    expect(worldsOf(['shoes', 'fruits'], false)).toEqual(['shoes', 'fruits']);
    expect(worldsOf(null, true)).toEqual([...WORLDS.choose]);
  });

  test('are none for report only where something is to be chosen', () => {
    expect(() => worldsOf(['fruits', 'shoes'], true)).toThrow(/"shoes" is for report only/);
    expect(() => worldsOf(['mars'], false)).toThrow(/no world "mars"/);
  });
});

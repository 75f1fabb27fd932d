import { describe, expect, test } from 'vitest';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import { Usual, verdict, type Evidence, type Reference } from './rule.ts';

const NONE: Alteration = { mirrored: false, turned: 0, cropped: 0, bordered: false, changed: 0 };
const CROPPED: Alteration = { ...NONE, cropped: 0.2 };

const evidence = (difference: number, alteration = CROPPED, motion = 0.1): Evidence => ({
  alteration,
  difference,
  motion,
  texture: 12,
});

const references = (count: number, difference: (i: number) => number, label = 1): Reference[] =>
  Array.from({ length: count }, (_, i) => ({ label, upright: 1, any: difference(i) }));

describe('what is usual', () => {
  test('is a low end of the differences, whatever copies are among them', () => {
    const clean = references(100, (i) => 0.1 + i / 1000);
    const leaky = [...clean.slice(5), ...references(5, (i) => 0.001 + i / 10_000)];
    const known = new Usual(clean).of(1, CROPPED);
    expect(known.inSet).toBeCloseTo(0.102, 3);
    expect(new Usual(leaky).of(1, CROPPED).inSet).toBeCloseTo(0.107, 2);
  });

  test('is told apart by class, and by whether edges are where they were', () => {
    const usual = new Usual([...references(50, () => 0.2, 1), ...references(50, () => 0.01, 2)]);
    expect(usual.of(1, CROPPED)).toEqual({ inSet: 0.01, inClass: 0.2 });
    expect(usual.of(2, CROPPED)).toEqual({ inSet: 0.01, inClass: 0.01 });
    expect(usual.of(2, { ...NONE, mirrored: true })).toEqual({ inSet: 1, inClass: 1 });
  });

  test('is strict where there are few images', () => {
    const usual = new Usual(references(5, () => 0.5));
    expect(usual.isKnown).toBe(false);
    expect(usual.of(1, CROPPED)).toEqual({ inSet: 0.01, inClass: 0.02 });
    expect(usual.of(9, CROPPED)).toEqual({ inSet: 0.01, inClass: 0.02 });
  });
});

describe('the verdict', () => {
  const usual = { inSet: 0.1, inClass: 0.1 };

  test('is a copy where a picture agrees far better than others do', () => {
    expect(verdict(evidence(0.02), usual, 0.2)).toBe('copy');
    expect(verdict(evidence(0.07), usual, 0.2)).toBeNull();
    expect(verdict(evidence(0.02), { inSet: 0.01, inClass: 0.2 }, 0.2)).toBe('copy');
    expect(verdict(evidence(0.02), { inSet: 0.01, inClass: 0.04 }, 0.2)).toBeNull();
  });

  test('is none where another picture agrees better', () => {
    expect(verdict(evidence(0.02), usual, 0.019)).toBeNull();
  });

  test('asks the more, the more changes it takes', () => {
    const twice = { ...CROPPED, mirrored: true };
    expect(verdict(evidence(0.05), usual, 1)).toBe('copy');
    expect(verdict(evidence(0.05, twice), usual, 1)).toBeNull();
    expect(verdict(evidence(0.03, twice), usual, 1)).toBe('copy');
    expect(verdict(evidence(0.03, { ...twice, bordered: true }), usual, 1)).toBeNull();
  });

  test('is a neighbouring shot where parts of the picture moved by themselves', () => {
    expect(verdict(evidence(0.02, CROPPED, 0.9), usual, 0.2)).toBe('neighbour');
    // Where nothing else comes near, a little blur may look like motion.
    expect(verdict(evidence(0.02, CROPPED, 0.4), usual, 0.2)).toBe('neighbour');
    expect(verdict(evidence(0.02, CROPPED, 0.4), { inSet: 1, inClass: 1 }, 0.2)).toBe('copy');
  });

  test('is none of turns that nobody looks for, nor where there is nothing to see', () => {
    expect(verdict(evidence(0.01, { ...NONE, turned: 30 }), usual, 1)).toBeNull();
    expect(verdict({ ...evidence(0.01), texture: 0.4 }, usual, 1)).toBeNull();
  });
});

test('what shows the same for certain is told from what is only alike', () => {
  const usual = new Usual(references(50, () => 0.04));
  expect(usual.isCertain(evidence(0.006))).toBe(true);
  expect(usual.isCertain(evidence(0.006, CROPPED, 0.4))).toBe(false);
  expect(usual.isCertain(evidence(0.01))).toBe(false);
  expect(new Usual([]).isCertain(evidence(0))).toBe(false);
});

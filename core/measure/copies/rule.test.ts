import { describe, expect, test } from 'vitest';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { Flow } from './flow.ts';
import { agrees, referenceOf, Usual, type Evidence, type Reference } from './rule.ts';

const NONE: Alteration = { mirrored: false, turned: 0, cropped: 0, bordered: false, changed: 0 };
const CROPPED: Alteration = { ...NONE, cropped: 0.2 };

const STILL: Flow = { motion: 0.02, explained: 0.02 };
const MOVED: Flow = { motion: 0.5, explained: 0.6 };
/** As look-alikes move on each other: two specimens of one thing, two scribbles of one digit. */
const WARPED: Flow = { motion: 0.2, explained: 0.22 };
const MOVED_LITTLE: Flow = { motion: 0.06, explained: 0.1 };

const evidence = (difference: number, alteration = CROPPED, flow = STILL): Evidence => ({
  alteration,
  difference,
  flow,
  texture: 12,
});

const references = (count: number, difference: (i: number) => number, label = 1): Reference[] =>
  Array.from({ length: count }, (_, i) => referenceOf(label, [evidence(difference(i))]));

/** Images with a next shot, and with another picture beside it. */
const shots = (count: number): Reference[] =>
  Array.from({ length: count }, () => referenceOf(1, [evidence(0.004, NONE, MOVED), evidence(0.1)]));

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

describe('a picture laid over another one', () => {
  const usual = { inSet: 0.1, inClass: 0.1 };

  test('agrees as only a copy does where others differ by far more', () => {
    expect(agrees(evidence(0.02), usual, 0.2)).toBe(true);
    expect(agrees(evidence(0.06), usual, 0.2)).toBe(false);
    expect(agrees(evidence(0.02), { inSet: 0.01, inClass: 0.2 }, 0.2)).toBe(true);
    expect(agrees(evidence(0.02), { inSet: 0.01, inClass: 0.04 }, 0.2)).toBe(false);
  });

  test('does not where another picture agrees better', () => {
    expect(agrees(evidence(0.02), usual, 0.019)).toBe(false);
  });

  test('has to agree the better, the more changes it takes', () => {
    const twice = { ...CROPPED, mirrored: true };
    expect(agrees(evidence(0.04), usual, 1)).toBe(true);
    expect(agrees(evidence(0.04, twice), usual, 1)).toBe(false);
    expect(agrees(evidence(0.03, twice), usual, 1)).toBe(true);
    expect(agrees(evidence(0.03, { ...twice, bordered: true }), usual, 1)).toBe(false);
  });

  test('does not under turns that nobody looks for, nor where there is nothing to see', () => {
    expect(agrees(evidence(0.01, { ...NONE, turned: 30 }), usual, 1)).toBe(false);
    expect(agrees({ ...evidence(0.01), texture: 0.4 }, usual, 1)).toBe(false);
  });
});

describe('a set of shots', () => {
  const ofShots = new Usual([...shots(3), ...references(27, () => 0.1)]);
  const ofPictures = new Usual(references(30, () => 0.1));

  test('is one where some images have a next shot', () => {
    expect([ofShots.isOfShots, ofPictures.isOfShots]).toEqual([true, false]);
  });

  test('is strict about what moved', () => {
    for (const usual of [ofShots, ofPictures]) {
      expect(usual.isNext(evidence(0.02, NONE, MOVED), 1)).toBe(true);
      expect(usual.isNext(evidence(0.02), 1)).toBe(false);
    }
    expect(ofShots.isNext(evidence(0.02, NONE, MOVED_LITTLE), 1)).toBe(true);
    expect(ofPictures.isNext(evidence(0.02, NONE, MOVED_LITTLE), 1)).toBe(false);
  });

  test('asks nobody about what moved in it, where others ask about the same place and what is close', () => {
    expect(ofPictures.isNext(evidence(0.02, NONE, WARPED), 1)).toBe(true);
    expect(ofShots.isWorthALook(evidence(0.02, NONE, WARPED))).toBe(false);
    expect(ofPictures.isWorthALook(evidence(0.02, NONE, WARPED))).toBe(true);
    expect(ofPictures.isWorthALook(evidence(0.05, NONE, WARPED))).toBe(false);
    for (const elsewhere of [CROPPED, { ...NONE, mirrored: true }, { ...NONE, turned: 8 }])
      expect(ofPictures.isWorthALook(evidence(0.02, elsewhere, WARPED))).toBe(false);
  });

  test('is less so about what is closer than next shots of its class', () => {
    const barely: Flow = { motion: 0.06, explained: 0.05 };
    expect(ofShots.isNext(evidence(0.02, NONE, barely), 2)).toBe(true);
    expect(ofShots.isNext(evidence(0.02, NONE, barely), 1)).toBe(false);
  });

  test('holds copies against what no motion tells from them', () => {
    expect(ofShots.of(1, CROPPED).inSet).toBeCloseTo(0.1, 6);
    expect(ofShots.isLookAlike(evidence(0.05, NONE, MOVED_LITTLE))).toBe(false);
    expect(ofPictures.isLookAlike(evidence(0.05, NONE, MOVED_LITTLE))).toBe(true);
  });
});

test('what shows the same for certain is told from what is only alike', () => {
  const usual = new Usual(references(50, () => 0.04));
  expect(usual.isCertain(evidence(0.006))).toBe(true);
  expect(usual.isCertain(evidence(0.006, CROPPED, MOVED))).toBe(false);
  expect(usual.isCertain(evidence(0.01))).toBe(false);
  expect(new Usual([]).isCertain(evidence(0))).toBe(false);
});

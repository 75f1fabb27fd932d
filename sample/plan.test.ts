import { describe, expect, test } from 'vitest';
import { FAULTS, faultCounts, planSample, syntheticCount, type Fault } from './plan.ts';

function count(items: readonly { fault: Fault | null }[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(items, (item) => item.fault ?? 'sound')).map(([fault, list]) => [
      fault,
      list?.length ?? 0,
    ]),
  );
}

test('1,200 images have the documented number of every fault, and the others are sound', () => {
  const total = Object.values(FAULTS).reduce((sum, value) => sum + value, 0);
  expect(total).toBe(116);
  expect(count(planSample(1, 1200).synthetic)).toEqual({ ...FAULTS, sound: 1200 - total });
});

test('faults grow with the batch, and the smallest batch has one of each kind', () => {
  expect(faultCounts(20_000)['wrong-label']).toBe(517);
  expect(faultCounts(20_000).broken).toBe(100);
  for (const fault of Object.values(faultCounts(60))) expect(fault).toBeGreaterThanOrEqual(1);
});

test('the seed determines the plan', () => {
  expect(planSample(5, 120)).toEqual(planSample(5, 120));
  expect(planSample(5, 120)).not.toEqual(planSample(6, 120));
});

describe.each([60, 1200, 20_000, 60_000])('a plan of %i images', (size) => {
  const plan = planSample(3, size);
  const faulty = (fault: Fault) => plan.synthetic.filter((item) => item.fault === fault);

  test('copies are of earlier sound images, each copied once', () => {
    const copies = [...faulty('near-duplicate'), ...faulty('exact-duplicate')];
    for (const copy of copies) {
      expect(copy.source?.fault).toBeNull();
      expect(copy.source!.index).toBeLessThan(copy.index);
      expect(copy.label).toBe(copy.source!.label);
    }
    expect(new Set(copies.map((copy) => copy.source)).size).toBe(copies.length);
  });

  test('copies of real images come from the right part, each copied once, half with the same bytes', () => {
    for (const [fault, role] of [
      ['seed-copy', 'real'],
      ['holdout-leak', 'holdout'],
    ] as const) {
      const copies = faulty(fault);
      for (const copy of copies) expect(copy.realSource).toMatchObject({ role, label: copy.label });
      expect(new Set(copies.map((copy) => copy.realSource)).size).toBe(copies.length);
      expect(copies.filter((copy) => copy.sameBytes).length).toBe(Math.ceil(copies.length / 2));
    }
  });

  test('only wrong labels differ from what is shown', () => {
    const differing = plan.synthetic.filter((item) => item.shown !== item.label);
    const faults = new Set<unknown>(differing.map((item) => item.fault));
    expect(faults).toEqual(new Set(['broken', 'off-class', 'wrong-label']));
    expect(faulty('wrong-label').every((item) => item.shown !== null && item.shown !== item.label)).toBe(
      true,
    );
    expect([...faulty('off-class'), ...faulty('broken')].every((item) => item.shown === null)).toBe(true);
  });
});

test.each([0, 59, 1.5, Number.NaN, 1_000_001])('a batch of %d is refused', (synthetic) => {
  expect(() => syntheticCount({ synthetic })).toThrowError(/ask for a whole number from 60/);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCode } from '../../../rpc/errors.ts';
import { mulberry32 } from '../../base/numeric/random.ts';
import { orderOf, realPlaces, spread, type RoleDraws } from './order.ts';
import {
  byLargestRemainder,
  planMix,
  type MixPlan,
  type MixWish,
  type PlannedStratum,
  type Stratum,
} from './plan.ts';

const pool = (
  role: 'real' | 'synthetic',
  images: number,
  weight = 1,
  label: string | null = null,
): Stratum => ({
  role,
  label,
  images,
  weight,
});
const WISH: MixWish = {
  realShare: 0.35,
  floor: 0.2,
  batchSize: 64,
  images: null,
  isBelowFloorAllowed: false,
};

/** A plan, or null where it is refused as it may be. */
function planned(pools: Stratum[], wish: MixWish): MixPlan | null {
  try {
    return planMix(pools, wish);
  } catch (error) {
    if (['NOT_READY', 'INVALID_INPUT', 'EXPORT_REFUSED'].includes(errorCode(error))) return null;
    throw error;
  }
}

/** Ids that say their role: real ones are even. */
function poolsOf(strata: readonly PlannedStratum[]): { real: RoleDraws; synthetic: RoleDraws } {
  let next = 0;
  const of = (role: 'real' | 'synthetic'): RoleDraws => {
    const own = strata.filter((stratum) => stratum.role === role);
    return {
      members: own.map(({ images }) =>
        Array.from({ length: images }, () => 2 * next++ + Number(role === 'synthetic')),
      ),
      draws: own.map(({ draws }) => draws),
    };
  };
  return { real: of('real'), synthetic: of('synthetic') };
}

/** Fewest real images among `size` in a row, the next epoch in the same order behind the last image. */
function fewestReal(order: Int32Array, size: number): number {
  const isReal = (place: number): number => Number(order[place % order.length]! % 2 === 0);
  let here = 0;
  for (let i = 0; i < size; i++) here += isReal(i);
  let fewest = here;
  for (let start = 1; start < order.length; start++) {
    here += isReal(start + size - 1) - isReal(start - 1);
    fewest = Math.min(fewest, here);
  }
  return fewest;
}

const strata = fc.array(
  fc.record({
    role: fc.constantFrom('real' as const, 'synthetic' as const),
    label: fc.constant(null),
    images: fc.integer({ min: 0, max: 120 }),
    weight: fc.constantFrom(0, 0.5, 1, 1, 1, 2, 2.5),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('a mix of any size', () => {
  test('holds the floor in every window, the target in the epoch, and what was stated of repeats', () => {
    let written = 0;
    fc.assert(
      fc.property(
        strata,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 80 }),
        fc.nat(),
        (pools, share, floor, batchSize, seed) => {
          const wish = { ...WISH, realShare: share / 100, floor: floor / 100, batchSize };
          const plan = planned(pools, wish);
          if (plan === null) return;
          written++;
          const { real, synthetic } = poolsOf(plan.strata);
          const order = orderOf(real, synthetic, seed);
          expect(order).toHaveLength(plan.images);
          expect(order.filter((id) => id % 2 === 0)).toHaveLength(plan.real);
          // The nearest whole number to the target, and the tie to the real ones.
          expect(Math.abs(plan.real - (plan.images * share) / 100)).toBeLessThanOrEqual(0.5 + 1e-6);
          expect(fewestReal(order, batchSize)).toBe(plan.leastReal);
          expect(plan.leastReal / batchSize).toBeGreaterThanOrEqual(floor / 100 - 1e-9);
          const times = Map.groupBy(order, (id) => id);
          for (const { members, draws } of [real, synthetic])
            for (const [i, own] of members.entries()) {
              const drawn = own.map((id) => times.get(id)?.length ?? 0);
              expect(drawn.reduce((sum, each) => sum + each, 0)).toBe(draws[i]);
              // As often as any other of the stratum, or once more.
              expect(Math.max(...drawn)).toBeLessThanOrEqual(Math.min(...drawn) + 1);
            }
          for (const { images, weight, draws } of plan.strata)
            expect(draws).toBeLessThanOrEqual(images * weight + 1e-6);
          expect(orderOf(real, synthetic, seed)).toEqual(order);
        },
      ),
      { numRuns: 400 },
    );
    expect(written).toBeGreaterThan(40);
  });

  test('has places of real images in any phase that no window tells apart by more than one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(60), (images, real, phase) => {
        const places = realPlaces(images, Math.min(real, images), phase % images);
        const ring = [...places, ...places];
        for (let size = 1; size <= images; size++) {
          const sums = places.map((_, at) => ring.slice(at, at + size).reduce((sum, each) => sum + each, 0));
          expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('draws of one image are far apart: one in each third where there are three', () => {
  const order = spread(new Int32Array(50).fill(3), mulberry32(7));
  for (let member = 0; member < 50; member++) {
    const places = [...order.keys()].filter((place) => order[place] === member);
    expect(places.map((place) => Math.floor(place / 50))).toEqual([0, 1, 2]);
  }
});

test('the largest remainder gets what is left, and the first of equals', () => {
  expect(byLargestRemainder(10, [1, 1, 1])).toEqual([4, 3, 3]);
  expect(byLargestRemainder(7, [50, 50, 5])).toEqual([4, 3, 0]);
  expect(byLargestRemainder(20, [0.35, 0.65])).toEqual([7, 13]);
  expect(byLargestRemainder(3, [0, 0])).toEqual([0, 0]);
});

describe('what cannot be mixed is refused with the option and the remedy', () => {
  const many = [pool('real', 500), pool('synthetic', 2000)];
  test.each([
    [[pool('synthetic', 9)], {}, 'NOT_READY', 'import labelled real images'],
    [[pool('real', 9)], {}, 'NOT_READY', 'assay mix policy --unreviewed in'],
    [many, { batchSize: 0 }, 'INVALID_INPUT', '--batch-size 1 or more'],
    [many, { batchSize: 5000 }, 'INVALID_INPUT', '(--batch-size) is larger than an epoch of 1,429 images'],
    [many, { realShare: 0.1 }, 'EXPORT_REFUSED', 'ask for more (--real-share 20 %)'],
    [many, { realShare: 0.2, batchSize: 7 }, 'EXPORT_REFUSED', 'ask for 28.6 % real (--real-share)'],
    [[pool('real', 50), pool('synthetic', 2000)], { images: 1000 }, 'EXPORT_REFUSED', '--weight real=4'],
    [many, { images: 2000 }, 'INVALID_INPUT', 'ask for at most 1,429'],
    [many, { images: 0 }, 'INVALID_INPUT', '--images 1 or more'],
  ] as const)('%j %j', (pools, wish, code, message) => {
    const refused = () => planMix(pools, { ...WISH, ...wish });
    expect(refused).toThrow(message);
    expect(refused).toThrow(expect.objectContaining({ code }));
  });

  test('and written all the same where a reason was given', () => {
    const pools = [pool('real', 50), pool('synthetic', 2000)];
    const plan = planMix(pools, { ...WISH, images: 1000, isBelowFloorAllowed: true });
    expect(plan).toMatchObject({ images: 1000, real: 50, isBelowFloor: true, leastReal: 3 });
    expect(planMix(many, { ...WISH, isBelowFloorAllowed: true }).isBelowFloor).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import golden from '../../test/goldens/audit.json' with { type: 'json' };
import { hypergeometricCdf, rateInterval, rateUpperBound } from '../base/numeric/special.ts';
import { oneAudit } from '../../test/support/audit-evidence.ts';
import { mulberry32 } from '../base/numeric/random.ts';
import { estimateRest, type AuditWave } from './audit.ts';

/** The exact bound of one audit on all wrong ones. */
const countUpperBound = (errors: number, sampled: number, population: number): number =>
  estimateRest(oneAudit(population, sampled, errors)).countUpper;

test.each(golden.clopperPearson)(
  'rates after $errors errors in $sampled',
  ({ errors, sampled, interval, upper }) => {
    const [low, high] = rateInterval(errors, sampled, 0.95);
    expect(low).toBeCloseTo(interval[0]!, 9);
    expect(high).toBeCloseTo(interval[1]!, 9);
    expect(rateUpperBound(errors, sampled, 0.95)).toBeCloseTo(upper, 9);
  },
);

test.each(golden.hypergeometric)(
  'count after $errors errors in $sampled of $population',
  ({ errors, sampled, population, upper }) => {
    expect(countUpperBound(errors, sampled, population)).toBe(upper);
  },
);

describe('exact counts', () => {
  test('equal a search over every possible count', () => {
    const population = 40;
    for (const sampled of [1, 7, 40]) {
      for (let errors = 0; errors <= sampled; errors++) {
        const fits = (D: number): boolean =>
          D >= errors &&
          population - D >= sampled - errors &&
          hypergeometricCdf(errors, population, D, sampled) > 0.05;
        const largest = Math.max(...Array.from({ length: 41 }, (_, D) => D).filter(fits));
        expect(countUpperBound(errors, sampled, population)).toBe(largest);
      }
    }
  });

  test('hold in at least 95 % of all samples, whatever the truth', () => {
    for (let D = 0; D <= 60; D += 3) {
      let covered = 0;
      for (let x = 0; x <= 15; x++) {
        const probability = hypergeometricCdf(x, 60, D, 15) - hypergeometricCdf(x - 1, 60, D, 15);
        if (countUpperBound(x, 15, 60) >= D) covered += probability;
      }
      expect(covered, `${D} wrong of 60`).toBeGreaterThanOrEqual(0.95 - 1e-9);
    }
  });

  test('are known when everything was reviewed', () => {
    const { countUpper, countInterval } = estimateRest(oneAudit(40, 40, 3));
    expect([countUpper, ...countInterval]).toEqual([3, 3, 3]);
  });
});

describe('estimateRest', () => {
  test('states rates, counts and remaining errors', () => {
    const rest = estimateRest(oneAudit(9000, 200, 2));
    expect(rest).toMatchObject({ rate: 0.01, countUpper: 278, unseen: 8800, unseenUpper: 276, looks: 1 });
    expect(rest.rateUpper).toBeCloseTo(278 / 9000, 12);
    expect(rest.countInterval[0]).toBeGreaterThan(0);
    expect(rest.countInterval[0]).toBeLessThan(90);
    expect(rest.countInterval[1]).toBeGreaterThan(rest.countUpper);
  });

  test('counts an unsure answer as an error in the bound, not in the estimate', () => {
    const sure = estimateRest(oneAudit(500, 59, 1));
    const unsure = estimateRest(oneAudit(500, 59, 0, 1));
    expect(unsure.countUpper).toBe(sure.countUpper);
    expect(unsure.rate).toBe(0);
    expect(unsure.countInterval[0]).toBe(0);
  });

  test('has no rate without a sample, and no errors in an empty rest', () => {
    expect(estimateRest(oneAudit(10, 0, 0))).toMatchObject({
      rate: null,
      countUpper: 10,
      countInterval: [0, 10],
      looks: 0,
    });
    expect(estimateRest(oneAudit(0, 0, 0))).toMatchObject({ countUpper: 0, rateUpper: 0 });
  });

  test.each([
    oneAudit(10, 11, 0),
    oneAudit(10, 5, 6),
    oneAudit(10, 5, 3, 3),
    oneAudit(10.5, 5, 1),
    oneAudit(10, 5, -1),
  ])('refuses impossible counts: %j', (evidence) => {
    expect(() => estimateRest(evidence)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test('refuses a confidence outside 0 to 1', () => {
    expect(() => estimateRest(oneAudit(10, 5, 0), 95)).toThrow(/confidence is 95/);
  });
});

describe('several audits', () => {
  test('of the same rest are one larger audit, held to what a second look is', () => {
    // Independent draws of 18 and 18: nearly one of 36.
    const { unseenUpper, looks, confidence } = estimateRest({
      unseen: 964,
      waves: [wave({ population: 1000, sampled: 18 }), wave({ population: 982, sampled: 18 })],
    });
    expect([looks, confidence]).toEqual([2, 0.9875]);
    const one = estimateRest(oneAudit(1000, 36, 0), 0.9875).unseenUpper;
    expect(Math.abs(unseenUpper - one)).toBeLessThanOrEqual(3);
  });

  test('keep what the first one showed where a small second one cannot say more', () => {
    const first = estimateRest(oneAudit(1393, 18, 0));
    const both = estimateRest({
      unseen: 1335,
      waves: [wave({ population: 1393, sampled: 18 }), wave({ population: 1338, sampled: 3 })],
    });
    expect(both).toMatchObject({ sampled: 21, errors: 0, looks: 2, boundLooks: 1, confidence: 0.95 });
    expect(both.unseenUpper).toBeLessThanOrEqual(first.unseenUpper);
  });

  test('lose by what was found since in the rest of the first', () => {
    const waves = [wave({ population: 1000, sampled: 30 })];
    const before = estimateRest({ unseen: 970, waves });
    const after = estimateRest({ unseen: 950, waves: [{ ...waves[0]!, foundElsewhere: 12 }] });
    expect(after.unseenUpper).toBe(before.unseenUpper - 12);
  });

  test('say nothing of images that came later, and start afresh where those are most', () => {
    const waves = [wave({ population: 1000, sampled: 60, outside: 500, newer: 500 })];
    expect(estimateRest({ unseen: 1440, waves }).unseenUpper).toBeGreaterThanOrEqual(500);
    const second = estimateRest({ unseen: 1400, waves: [...waves, wave({ population: 1440, sampled: 40 })] });
    expect(second).toMatchObject({ sampled: 40, looks: 1, confidence: 0.95 });
  });

  test('whose further items are sound never raise the bound', () => {
    const random = mulberry32(11);
    const upTo = (most: number): number => Math.floor(random() * (most + 1));
    for (let trial = 0; trial < 200; trial++) {
      let unseen = 50 + upTo(600);
      const waves: AuditWave[] = [];
      for (let k = 0, outside = upTo(unseen); k <= upTo(3); k++, outside = upTo(outside)) {
        const sampled = upTo(40);
        const errors = upTo(Math.min(3, sampled));
        const foundElsewhere = upTo(5);
        const rest = unseen - outside;
        waves.push(
          wave({
            population: rest + sampled + foundElsewhere + upTo(60),
            sampled,
            errors,
            unsure: upTo(Math.min(1, sampled - errors)),
            foundElsewhere,
            outside,
            newer: outside,
          }),
        );
      }
      let bound = estimateRest({ unseen, waves }).unseenUpper;
      for (let step = 0; step < 6; step++) {
        const size = 1 + upTo(10);
        const startsQueue = random() < 0.4;
        if (startsQueue) waves.push(wave({ population: unseen, sampled: size }));
        else {
          const last = waves.at(-1)!;
          // Of the last queue's own rest.
          if (size > unseen - last.outside) break;
          waves[waves.length - 1] = { ...last, sampled: last.sampled + size };
        }
        unseen -= size;
        for (const [j, earlier] of waves.entries())
          waves[j] = { ...earlier, outside: Math.min(earlier.outside, unseen) };
        const next = estimateRest({ unseen, waves }).unseenUpper;
        expect(next, `of ${unseen}, trial ${trial}`).toBeLessThanOrEqual(bound);
        bound = next;
      }
    }
  });
});

function wave(counts: Pick<AuditWave, 'population' | 'sampled'> & Partial<AuditWave>): AuditWave {
  return { errors: 0, unsure: 0, foundElsewhere: 0, outside: 0, newer: 0, ...counts };
}

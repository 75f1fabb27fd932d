import { describe, expect, test } from 'vitest';
import golden from '../../test/goldens/audit.json' with { type: 'json' };
import { hypergeometricCdf, rateInterval, rateUpperBound } from '../base/numeric/special.ts';
import { countLowerBound, countUpperBound, estimateRest } from './audit.ts';

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
    expect(countUpperBound(errors, sampled, population, 0.95)).toBe(upper);
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
        expect(countUpperBound(errors, sampled, population, 0.95)).toBe(largest);
      }
    }
  });

  test('hold in at least 95 % of all samples, whatever the truth', () => {
    for (let D = 0; D <= 60; D += 3) {
      let covered = 0;
      for (let x = 0; x <= 15; x++) {
        const probability = hypergeometricCdf(x, 60, D, 15) - hypergeometricCdf(x - 1, 60, D, 15);
        if (countUpperBound(x, 15, 60, 0.95) >= D) covered += probability;
      }
      expect(covered, `${D} wrong of 60`).toBeGreaterThanOrEqual(0.95 - 1e-9);
    }
  });

  test('are known when everything was reviewed', () => {
    expect(countUpperBound(3, 40, 40, 0.95)).toBe(3);
    expect(countLowerBound(3, 40, 40, 0.95)).toBe(3);
  });
});

describe('estimateRest', () => {
  test('states rates, counts and remaining errors', () => {
    const rest = estimateRest({ population: 9000, sampled: 200, errors: 2, confidence: 0.95 });
    expect(rest).toMatchObject({ rate: 0.01, count: 90, countUpper: 278, remainingUpper: 276 });
    expect(rest.rateUpper).toBeCloseTo(278 / 9000, 12);
    expect(rest.countInterval[0]).toBeGreaterThan(0);
    expect(rest.countInterval[0]).toBeLessThan(90);
    expect(rest.countInterval[1]).toBeGreaterThan(rest.countUpper);
    expect(rest.rateInterval[1] * 9000).toBeGreaterThan(rest.countInterval[1]);
  });

  test('counts an unsure answer as an error in the bound, not in the estimate', () => {
    const facts = { population: 500, sampled: 59, confidence: 0.95 };
    const sure = estimateRest({ ...facts, errors: 1 });
    const unsure = estimateRest({ ...facts, errors: 0, unsure: 1 });
    expect(unsure.countUpper).toBe(sure.countUpper);
    expect(unsure.rate).toBe(0);
    expect(unsure.countInterval[0]).toBe(0);
  });

  test('has no rate without a sample, and no errors in an empty rest', () => {
    expect(estimateRest({ population: 10, sampled: 0, errors: 0, confidence: 0.95 })).toMatchObject({
      rate: null,
      count: null,
      countUpper: 10,
      countInterval: [0, 10],
      rateInterval: [0, 1],
    });
    expect(estimateRest({ population: 0, sampled: 0, errors: 0, confidence: 0.95 })).toMatchObject({
      countUpper: 0,
      rateUpper: 0,
    });
  });

  test.each([
    { population: 10, sampled: 11, errors: 0 },
    { population: 10, sampled: 5, errors: 6 },
    { population: 10, sampled: 5, errors: 3, unsure: 3 },
    { population: 10.5, sampled: 5, errors: 1 },
    { population: 10, sampled: 5, errors: -1 },
  ])('refuses $errors errors in $sampled of $population', (facts) => {
    expect(() => estimateRest({ ...facts, confidence: 0.95 })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  test('refuses a confidence outside 0 to 1', () => {
    expect(() => estimateRest({ population: 10, sampled: 5, errors: 0, confidence: 95 })).toThrow(
      /confidence is 95/,
    );
  });
});

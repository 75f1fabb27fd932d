import { describe, expect, test } from 'vitest';
import golden from '../../test/goldens/audit.json' with { type: 'json' };
import { auditPromise, finiteSampleSize } from './audit-plan.ts';
import { stratifiedEstimate } from './audit-strata.ts';
import { correctForReviewers } from './audit-report.ts';
import { weightedEstimate } from './audit-report.ts';

describe('by strata', () => {
  test('rate and standard error are those of the formula', () => {
    const { population, sampled, errors, rate, standardError } = golden.stratified;
    const strata = population.map((size, h) => ({
      population: size,
      sampled: sampled[h]!,
      errors: errors[h]!,
    }));
    const found = stratifiedEstimate(strata, 0.95);
    expect(found.rate).toBeCloseTo(rate, 9);
    expect(found.standardError).toBeCloseTo(standardError, 9);
    expect(found.rateUpper).toBeGreaterThan(rate);
  });

  test('strata without an error prove no more than their samples can', () => {
    const { standardError, rateUpper, upper } = stratifiedEstimate(
      [
        { population: 1000, sampled: 59, errors: 0 },
        { population: 1000, sampled: 10, errors: 0 },
      ],
      0.95,
    );
    expect(standardError).toBe(0);
    expect(upper[0]! / 1000).toBeGreaterThan(0.05);
    expect(upper[1]! / 1000).toBeGreaterThan(0.25);
    expect(rateUpper).toBeCloseTo((upper[0]! + upper[1]!) / 2000, 12);
  });

  test('a part without a sample may be wrong altogether, and has no rate', () => {
    const { rate, standardError, upper } = stratifiedEstimate(
      [
        { population: 100, sampled: 50, errors: 1 },
        { population: 7, sampled: 0, errors: 0 },
      ],
      0.95,
    );
    expect([rate, standardError, upper[1]]).toEqual([null, null, 7]);
  });

  test('refuses impossible counts', () => {
    expect(() => stratifiedEstimate([{ population: 3, sampled: 4, errors: 0 }], 0.95)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

test('unequal probabilities are weighted as Horvitz, Thompson and Hajek do', () => {
  const { probability, wrong, total, variance, rate } = golden.weighted;
  const found = weightedEstimate(probability.map((p, i) => ({ probability: p, wrong: wrong[i] === 1 })));
  expect(found.total).toBeCloseTo(total, 9);
  expect(found.variance).toBeCloseTo(variance, 9);
  expect(found.rate).toBeCloseTo(rate, 9);
  expect(weightedEstimate([]).rate).toBeNull();
  expect(() => weightedEstimate([{ probability: 0, wrong: true }])).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT' }),
  );
});

describe('imperfect reviewers', () => {
  const audit = { sampled: 200, errors: 6, unsure: 0 };

  test('the rate is corrected as Rogan and Gladen do', () => {
    const { rate } = correctForReviewers(audit, { wrong: 20, caught: 16, right: 20, left: 20 }, 0.95);
    expect(rate).toBeCloseTo(0.03 / 0.8, 12);
    const seers = correctForReviewers(audit, { wrong: 20, caught: 20, right: 20, left: 18 }, 0.95);
    expect(seers.rate).toBe(0);
  });

  test('more gold items make a tighter bound, none leave it unknown', () => {
    const few = correctForReviewers(audit, { wrong: 5, caught: 5, right: 5, left: 5 }, 0.95);
    const many = correctForReviewers(audit, { wrong: 100, caught: 100, right: 100, left: 100 }, 0.95);
    expect(many.rateUpper).toBeLessThan(few.rateUpper);
    expect(many.rateUpper).toBeGreaterThan(6 / 200);
    const none = correctForReviewers(audit, { wrong: 0, caught: 0, right: 9, left: 9 }, 0.95);
    expect([none.rate, none.rateUpper, none.sensitivity]).toEqual([null, 1, null]);
  });

  test('reviewers no better than chance leave the rate unknown', () => {
    const { rate } = correctForReviewers(audit, { wrong: 10, caught: 5, right: 10, left: 5 }, 0.95);
    expect(rate).toBeNull();
  });
});

describe('planning', () => {
  test.each(golden.sampleSize)(
    'needs at most the $size that show a rate of $maxRate with $allowedErrors errors in an endless rest',
    ({ maxRate, allowedErrors, size }) => {
      const many = finiteSampleSize(1_000_000, maxRate, 0.95, allowedErrors);
      expect(many).toBeLessThanOrEqual(size);
      expect(many).toBeGreaterThan(0.99 * size);
      expect(finiteSampleSize(400, maxRate, 0.95, allowedErrors)).toBeLessThan(size);
    },
  );

  test('needs all of a tiny rest, and nothing of an empty one', () => {
    expect(finiteSampleSize(20, 0.01, 0.95)).toBeGreaterThanOrEqual(19);
    expect(finiteSampleSize(0, 0.01, 0.95)).toBe(0);
  });

  test('refuses impossible shares', () => {
    expect(() => finiteSampleSize(10, 0, 0.95)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => finiteSampleSize(10, 0.1, 1)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

test('an audit promises what it can say if nothing is found, and what a bound of 5 % takes', () => {
  const promise = auditPromise(1000, 12, 80)!;
  // 1 - .05 ** (1 / 12) is .221 for an infinite rest; a finite one is known a little better.
  expect(promise.atMost).toBeGreaterThan(0.2);
  expect(promise.atMost).toBeLessThan(0.222);
  expect(promise.auditFor5).toBe(finiteSampleSize(1000, 0.05, 0.95));
  expect(promise.itemsFor5).toBe(Math.ceil((promise.auditFor5 * 80) / 12));
  expect(auditPromise(1000, 0, 80)).toBeNull();
});

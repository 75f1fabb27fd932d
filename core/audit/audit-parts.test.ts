import { describe, expect, test } from 'vitest';
import golden from '../../test/goldens/audit.json' with { type: 'json' };
import { oneAudit } from '../../test/support/audit-evidence.ts';
import { auditPromise, promiseAhead } from './audit-plan.ts';
import { auditsNeeded } from './audits-needed.ts';
import { stratifiedEstimate } from './audit-strata.ts';
import { correctForReviewers } from './audit-report.ts';

describe('by strata', () => {
  test('rate and standard error are those of the formula', () => {
    const { population, sampled, errors, rate, standardError } = golden.stratified;
    const strata = population.map((size, h) => oneAudit(size, sampled[h]!, errors[h]!));
    const found = stratifiedEstimate(strata, 0.95);
    expect(found.rate).toBeCloseTo(rate, 9);
    expect(found.standardError).toBeCloseTo(standardError, 9);
    expect(found.rateUpper).toBeGreaterThan(rate);
  });

  test('strata without an error prove no more than their samples can', () => {
    const { standardError, rateUpper, upper } = stratifiedEstimate(
      [oneAudit(1000, 59, 0), oneAudit(1000, 10, 0)],
      0.95,
    );
    expect(standardError).toBe(0);
    expect(upper[0]! / 1000).toBeGreaterThan(0.05);
    expect(upper[1]! / 1000).toBeGreaterThan(0.25);
    expect(rateUpper).toBeCloseTo((upper[0]! + upper[1]!) / 2000, 12);
  });

  test('a part without a sample may be wrong altogether, and has no rate', () => {
    const { rate, standardError, upper } = stratifiedEstimate(
      [oneAudit(100, 50, 1), oneAudit(7, 0, 0)],
      0.95,
    );
    expect([rate, standardError, upper[1]]).toEqual([null, null, 7]);
  });

  test('refuses impossible counts', () => {
    expect(() => stratifiedEstimate([oneAudit(3, 4, 0)], 0.95)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
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
      const many = auditsNeeded({ unseen: 1_000_000, waves: [] }, maxRate, 0.95, allowedErrors);
      expect(many).toBeLessThanOrEqual(size);
      expect(many).toBeGreaterThan(0.99 * size);
      expect(auditsNeeded({ unseen: 400, waves: [] }, maxRate, 0.95, allowedErrors)).toBeLessThan(size);
    },
  );

  test('needs all of a tiny rest, and nothing of an empty one', () => {
    expect(auditsNeeded({ unseen: 20, waves: [] }, 0.01, 0.95)).toBeGreaterThanOrEqual(19);
    expect(auditsNeeded({ unseen: 0, waves: [] }, 0.01, 0.95)).toBe(0);
  });

  test('refuses impossible shares', () => {
    expect(() => auditsNeeded({ unseen: 10, waves: [] }, 0, 0.95)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
    expect(() => auditsNeeded({ unseen: 10, waves: [] }, 0.1, 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

test('an audit promises what it can say if nothing is found, and what a bound of 5 % takes', () => {
  const promise = auditPromise(oneAudit(1000, 0, 0), 12, 80)!;
  // 1 - .05 ** (1 / 12) is .221 for an infinite rest; a finite one is known a little better.
  expect(promise.atMost).toBeGreaterThan(0.2);
  expect(promise.atMost).toBeLessThan(0.222);
  expect(promise.unseen).toBe(988);
  // What a larger queue ranks needs no audit: a little less than for the rest as it is.
  const needed = auditsNeeded({ unseen: 1000, waves: [] }, 0.05, 0.95);
  expect(promise.auditFor5).toBeLessThanOrEqual(needed);
  expect(promise.auditFor5).toBeGreaterThan(0.9 * needed);
  expect(promise.auditFor5).toBe(Math.round((promise.itemsFor5 * 12) / 80));
  expect(auditPromise(oneAudit(1000, 0, 0), 0, 80)).toBeNull();
});

test.each([
  [150, 12, 0.15],
  [400, 32, 0.15],
  [5000, 400, 0.15],
  [60, 60, 0.15],
  [300, 24, 0.5],
])(
  'of %d candidates, the queue offered in place of %d items buys a bound of 5 %%',
  (candidates, items, share) => {
    const ahead = promiseAhead(candidates, items, share);
    const { itemsFor5 } = ahead.promise!;
    expect(itemsFor5).toBeLessThanOrEqual(candidates);
    const bought = promiseAhead(candidates, itemsFor5, share);
    const rest = (of: typeof bought) => of.promise!.atMost * of.promise!.unseen;
    const drawnFrom = candidates - (bought.items - bought.audited);
    expect(rest(bought)).toBeLessThanOrEqual(0.05 * drawnFrom + 1e-9);
    // No much smaller queue would do, unless the one asked for does.
    const short = promiseAhead(candidates, Math.floor(0.9 * itemsFor5), share);
    const isEnough = rest(short) <= 0.05 * (candidates - (short.items - short.audited));
    expect(itemsFor5 <= items || !isEnough).toBe(true);
  },
);

test('without a share for the audit nothing is promised', () => {
  expect(promiseAhead(100, 10, 0)).toEqual({ items: 10, audited: 0, promise: null });
});

test('what earlier audits found without an error shortens the next one', () => {
  const fresh = auditsNeeded({ unseen: 1000, waves: [] }, 0.05, 0.95);
  const further = auditsNeeded(oneAudit(1040, 40, 0), 0.05, 0.95);
  expect(further).toBeLessThan(fresh);
  // Nothing more is needed of a rest that is known well enough.
  expect(auditsNeeded(oneAudit(1200, 200, 0), 0.05, 0.95)).toBe(0);
});

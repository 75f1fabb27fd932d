import { expect, test } from 'vitest';
import type { VerifyReport } from '../../../rpc/contract/ledger.ts';
import { isSound, outcomeOf } from './outcome.ts';

const REPORT: VerifyReport = {
  ok: true,
  difference: null,
  events: 1200,
  head: 'f'.repeat(64),
  originals: 1,
  runs: 1,
  originalProblems: [],
};

test('a verification that found a difference is no success, and says which', () => {
  const result = { ...REPORT, ok: false, difference: 'event 7 is not what its hash says' };
  expect(isSound({ kind: 'verify', result })).toBe(false);
  expect(outcomeOf({ kind: 'verify', result })).toContain('event 7');
});

test('a job without a result has come to nothing yet, which is no fault', () => {
  expect(outcomeOf({ kind: 'verify', result: null })).toBeNull();
  expect(isSound({ kind: 'verify', result: null })).toBe(true);
});

test('what is as recorded is counted', () => {
  expect(outcomeOf({ kind: 'verify', result: REPORT })).toBe('1,200 events and 1 original are as recorded.');
});

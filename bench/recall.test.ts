import { describe, expect, test } from 'vitest';
import { evaluate, type Observed } from './recall.ts';
import { recallTables } from './recall-run.ts';

const answers = new Map([
  ['synthetic/wrong-1', 'wrong-label'],
  ['synthetic/wrong-2', 'wrong-label'],
  ['synthetic/dark', 'dark'],
  ['synthetic/copy', 'exact-duplicate'],
  ['synthetic/near', 'near-duplicate'],
  ['synthetic/leak', 'holdout-leak'],
  ['synthetic/torn', 'truncated'],
]);

/** 20 files: the 7 faults above and 13 sound ones; the copy, the leak and the torn file are no candidates. */
const sound = Array.from({ length: 13 }, (_, i) => `synthetic/sound-${i}`);
const observed: Observed = {
  files: 20,
  candidates: ['synthetic/dark', ...sound, 'synthetic/wrong-1', 'synthetic/wrong-2', 'synthetic/near'],
  findings: [
    // The original came later than its copy, so the rule named the original.
    { rule: 'exact-duplicate', path: sound[0]!, partner: 'synthetic/copy' },
    { rule: 'near-duplicate', path: 'synthetic/near', partner: sound[1]! },
    { rule: 'near-duplicate', path: sound[2]!, partner: sound[3]! },
    { rule: 'near-duplicate', path: sound[4]!, partner: 'synthetic/dark' },
    { rule: 'seed-copy', path: sound[5]!, partner: 'real/a' },
    { rule: 'seed-copy', path: 'synthetic/leak', partner: 'real/a' },
    { rule: 'broken', path: 'synthetic/torn', partner: null },
  ],
  queues: [
    {
      share: 0.2,
      items: [
        { path: 'synthetic/wrong-1', stratum: 'suspect-label', group: ['synthetic/wrong-2', sound[0]!] },
        { path: 'synthetic/near', stratum: 'novel', group: [] },
        { path: sound[6]!, stratum: 'audit', group: ['synthetic/wrong-1'] },
        { path: sound[7]!, stratum: 'audit', group: [] },
      ],
    },
  ],
};

describe('the queue', () => {
  const [budget] = evaluate('set', observed, answers).budgets;

  test('is credited with what is queued, and apart from it with what that stands for', () => {
    expect(budget).toMatchObject({ items: 4, audited: 2 });
    expect(budget!.kinds['wrong-label']).toMatchObject({ assay: 1, assayByGroup: 1, entropy: 0 });
    expect(budget!.kinds['dark']).toMatchObject({ assay: 0, assayByGroup: 0, entropy: 1 });
    expect(budget!.all).toMatchObject({ assay: 1, assayByGroup: 1, entropy: 1 });
  });

  test('is compared with the expected value of a random draw from the candidates', () => {
    expect(budget!.kinds['wrong-label']!.random).toBeCloseTo((4 / 17) * 2, 12);
    expect(budget!.all.random).toBeCloseTo((4 / 17) * 3, 12);
  });

  test('is precise where its items have any fault', () => {
    expect(budget!.precision).toEqual({ assay: 0.5, entropy: 0.25, random: 4 / 17 });
  });

  test('has only rows of kinds that were put in', () => {
    expect(Object.keys(budget!.kinds)).toEqual(['wrong-label', 'dark']);
  });
});

describe('the rules', () => {
  const { rules, falseAlarms } = evaluate('set', observed, answers);
  const alarms = Object.fromEntries(falseAlarms.map((entry) => [entry.rule, entry]));

  test('find a fault by either of two copies, and only under the right rule', () => {
    expect(rules).toEqual([
      { kind: 'exact-duplicate', total: 1, found: 1 },
      { kind: 'near-duplicate', total: 1, found: 1 },
      { kind: 'holdout-leak', total: 1, found: 0 },
      { kind: 'truncated', total: 1, found: 1 },
    ]);
  });

  test('raise a false alarm where neither file was put in as such a fault', () => {
    expect(alarms['exact-duplicate']!.alarms).toBe(0);
    expect(alarms['near-duplicate']!.alarms).toBe(2);
    expect(alarms['seed-copy']).toEqual({ rule: 'seed-copy', alarms: 1, shareOfSound: 1 / 13 });
    expect(alarms['broken']!.alarms).toBe(0);
  });
});

test('every row of a table has a cell per column', () => {
  for (const { columns, rows } of recallTables(evaluate('set', observed, answers)))
    for (const row of rows) expect(row).toHaveLength(columns.length);
});

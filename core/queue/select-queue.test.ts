import { describe, expect, test } from 'vitest';
import { oneAudit } from '../../test/support/audit-evidence.ts';
import { estimateRest } from '../audit/audit.ts';
import { mulberry32 } from '../base/numeric/random.ts';
import { DEFAULT_POLICY } from '../../rpc/contract/policies.ts';
import { allot, type Policy } from './policy.ts';
import { selectQueue, type Queue } from './select-queue.ts';
import type { Candidates } from './units.ts';

const N = 1000;
const zeros = () => new Float64Array(N);

function candidates(over: Partial<Candidates> = {}): Candidates {
  const random = mulberry32(11);
  const column = (share: number): Float64Array =>
    Float64Array.from({ length: N }, () => (random() < share ? random() : Number.NaN));
  const places = Array.from({ length: N }, () => [random() * 10, random() * 10]);
  return {
    imageIds: Array.from({ length: N }, (_, i) => 5000 + i),
    priorities: {
      'suspect-label': column(1),
      uncertain: column(1),
      novel: column(0.3),
      damaged: column(0.004),
    },
    chances: { 'suspect-label': zeros(), uncertain: zeros(), novel: zeros(), damaged: zeros() },
    group: new Int32Array(N).fill(-1),
    embedding: (i) => places[i]!,
    reasons: (i, stratum) => [{ text: `${stratum} of ${i}` }],
    ...over,
  };
}

/** Fixed parts, as a team may set them. */
const policy: Policy = {
  ...DEFAULT_POLICY,
  shares: { likeliest: 0, 'suspect-label': 0.45, uncertain: 0.03, novel: 0.25, damaged: 0.12, audit: 0.15 },
};
const ofStratum = ({ items }: Queue, stratum: string) => items.filter((item) => item.stratum === stratum);
const auditIds = (queue: Queue) => ofStratum(queue, 'audit').map(({ imageId }) => imageId);
const select = (budget: number, audit: number) =>
  selectQueue({
    candidates: candidates(),
    budget,
    policy: { ...policy, shares: { ...policy.shares, audit } },
    seed: 1,
  });

describe('the queue', () => {
  const queue = selectQueue({ candidates: candidates(), budget: 100, policy, seed: 1 });

  test('divides the budget by share, and a short stratum gives its part to the others', () => {
    expect(queue.items).toHaveLength(100);
    expect(ofStratum(queue, 'audit')).toHaveLength(15);
    expect(ofStratum(queue, 'damaged').length).toBeLessThan(8);
    expect(ofStratum(queue, 'suspect-label').length).toBeGreaterThan(40);
    expect(new Set(queue.items.map(({ imageId }) => imageId)).size).toBe(100);
    expect(queue.items.map(({ rank }) => rank)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  describe('where faults are likeliest', () => {
    /** Candidates 0..39 have damage at chance .9, 100..399 a suspicious label at .3, 500..999 are novel for nothing. */
    const set = candidates({
      priorities: {
        'suspect-label': zeros().map((_, i) => (i >= 100 && i < 400 ? 0.3 : 0.01)),
        uncertain: zeros(),
        novel: zeros().map((_, i) => (i >= 500 ? i / N : 0)),
        damaged: zeros().map((_, i) => (i < 40 ? 0.9 : 0)),
      },
      chances: {
        'suspect-label': zeros().map((_, i) => (i >= 100 && i < 400 ? 0.3 : 0.01)),
        uncertain: zeros(),
        novel: zeros(),
        damaged: zeros().map((_, i) => (i < 40 ? 0.9 : 0)),
      },
    });
    const taken = selectQueue({ candidates: set, budget: 100, policy: DEFAULT_POLICY, seed: 1 });

    test('the highest chance of any stratum comes first, after a little for each stratum and the audit', () => {
      expect(ofStratum(taken, 'damaged')).toHaveLength(40);
      expect(ofStratum(taken, 'audit')).toHaveLength(15);
      expect(ofStratum(taken, 'novel')).toHaveLength(11);
      expect(ofStratum(taken, 'suspect-label')).toHaveLength(34);
      expect(ofStratum(taken, 'suspect-label').every(({ priority }) => priority === 0.3)).toBe(true);
    });

    test('a label that is likelier wrong than right comes before damage, however sure that is', () => {
      const labels = zeros().map((_, i) => (i >= 100 && i < 200 ? 0.6 : 0.01));
      const { items } = selectQueue({
        candidates: {
          ...set,
          priorities: { ...set.priorities, 'suspect-label': labels },
          chances: { ...set.chances, 'suspect-label': labels },
        },
        budget: 100,
        policy: DEFAULT_POLICY,
        seed: 1,
      });
      const count = (stratum: string): number => items.filter((item) => item.stratum === stratum).length;
      // Damage keeps its least part, for exploration.
      expect(count('damaged')).toBe(8);
      expect(count('suspect-label')).toBe(100 - 15 - 8 - count('novel') - count('uncertain'));
    });

    test('the faults expected are the sum of the chances', () => {
      expect(taken.expected['damaged']).toBeCloseTo(36);
      expect(taken.expected['suspect-label']).toBeCloseTo(10.2);
      expect(taken.expected['novel']).toBe(0);
    });

    test('an image goes to the stratum of its highest chance', () => {
      const both = candidates({
        priorities: {
          ...set.priorities,
          novel: zeros().map((_, i) => (i < 40 ? 0.95 : 0)),
        },
        chances: { ...set.chances, novel: zeros().map((_, i) => (i < 40 ? 0.95 : 0)) },
      });
      const items = selectQueue({
        candidates: both,
        budget: 100,
        policy: { ...DEFAULT_POLICY, shares: { ...policy.shares, likeliest: 1000 } },
        seed: 1,
      });
      expect(ofStratum(items, 'novel')).toHaveLength(40);
    });

    test('without any chance the strata share the part by their own shares', () => {
      const blank = candidates();
      const { items, audited } = selectQueue({
        candidates: blank,
        budget: 100,
        policy: DEFAULT_POLICY,
        seed: 1,
      });
      expect(items).toHaveLength(100);
      expect(audited).toBe(15);
    });
  });

  test('records probabilities: 1 by rank, audited / rest by chance', () => {
    expect(queue).toMatchObject({ frame: N, rest: N - 85, audited: 15 });
    for (const item of queue.items) {
      expect(item.inclusionProbability).toBe(item.stratum === 'audit' ? 15 / 915 : 1);
      expect(item.reasons).toHaveLength(item.stratum === 'audit' ? 0 : 1);
    }
  });

  test('leads with the most suspect of each stratum and spreads the audit', () => {
    for (const stratum of ['suspect-label', 'uncertain', 'novel', 'damaged']) {
      const priorities = ofStratum(queue, stratum).map(({ priority }) => priority);
      expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    }
    const ranks = ofStratum(queue, 'audit').map(({ rank }) => rank);
    for (let quarter = 0; quarter < 4; quarter++) {
      const inside = ranks.filter((rank) => rank > quarter * 25 && rank <= (quarter + 1) * 25);
      expect(inside.length).toBeGreaterThanOrEqual(3);
      expect(inside.length).toBeLessThanOrEqual(7);
    }
  });

  test('is the same for the same seed; another seed draws another audit from the same rest', () => {
    expect(selectQueue({ candidates: candidates(), budget: 100, policy, seed: 1 })).toEqual(queue);
    const other = selectQueue({ candidates: candidates(), budget: 100, policy, seed: 2 });
    expect(auditIds(other)).not.toEqual(auditIds(queue));
  });

  test('takes everything when the budget is larger than the project', () => {
    const all = selectQueue({ candidates: candidates(), budget: 5000, policy, seed: 1 });
    expect(all.items).toHaveLength(N);
    expect(all.rest).toBe(all.audited);
    expect(all.items.every(({ inclusionProbability }) => inclusionProbability === 1)).toBe(true);
  });

  test('is empty for a project without candidates', () => {
    const none = candidates({
      imageIds: [],
      priorities: {
        'suspect-label': new Float64Array(0),
        uncertain: new Float64Array(0),
        novel: new Float64Array(0),
        damaged: new Float64Array(0),
      },
    });
    expect(selectQueue({ candidates: none, budget: 10, policy, seed: 1 })).toEqual({
      items: [],
      frame: 0,
      rest: 0,
      audited: 0,
      expected: { 'suspect-label': 0, uncertain: 0, novel: 0, damaged: 0 },
    });
  });

  test('leaves images without a rank to the audit, and drops them if the audit is off', () => {
    const blank = new Float64Array(N).fill(Number.NaN);
    const unranked = candidates({
      priorities: { 'suspect-label': blank, uncertain: blank, novel: blank, damaged: blank },
    });
    expect(selectQueue({ candidates: unranked, budget: 50, policy, seed: 1 })).toMatchObject({
      rest: N,
      audited: 50,
    });
    const off = { ...policy, shares: { ...policy.shares, audit: 0 } };
    expect(selectQueue({ candidates: unranked, budget: 50, policy: off, seed: 1 }).items).toEqual([]);
    expect(selectQueue({ candidates: candidates(), budget: 50, policy: off, seed: 1 }).items).toHaveLength(
      50,
    );
  });

  test('refuses impossible budgets and shares', () => {
    const refused = expect.objectContaining({ code: 'INVALID_INPUT' });
    expect(() => select(0, 0.2)).toThrow(refused);
    expect(() => select(1.5, 0.2)).toThrow(refused);
    expect(() => select(10, -1)).toThrow(refused);
    expect(() => select(10, Number.NaN)).toThrow(refused);
  });
});

test('near-duplicates are one item, shown by the most suspect of them', () => {
  const group = new Int32Array(N).fill(-1);
  const all = candidates({ group });
  const suspect = all.priorities['suspect-label'];
  for (const i of [3, 7, 400]) group[i] = 12;
  suspect[7] = 5;
  suspect[400] = 4;
  const queue = selectQueue({ candidates: all, budget: 100, policy, seed: 1 });
  const [item] = queue.items.filter(({ imageId, groupImageIds }) =>
    [imageId, ...groupImageIds].includes(5007),
  );
  expect(item).toMatchObject({
    imageId: 5007,
    stratum: 'suspect-label',
    priority: 5,
    groupImageIds: [5003, 5400],
  });
  expect(queue.frame).toBe(N - 2);
});

test('an image goes to the stratum where it ranks highest for the share', () => {
  const all = candidates({
    priorities: { 'suspect-label': zeros(), uncertain: zeros(), novel: zeros(), damaged: zeros() },
  });
  const { 'suspect-label': suspect, novel } = all.priorities;
  for (let i = 0; i < 20; i++) suspect[i] = 1 - i / 100;
  novel[9] = 0.001; // first of the novel, tenth of the suspect
  novel[0] = 0.0005; // second of the novel, first of the suspect
  const { items } = selectQueue({ candidates: all, budget: 25, policy, seed: 1 });
  expect(items.find(({ imageId }) => imageId === 5009)!.stratum).toBe('novel');
  expect(items.find(({ imageId }) => imageId === 5000)!.stratum).toBe('suspect-label');
});

test("the audit's bound covers what the ranking missed as often as stated", () => {
  const random = mulberry32(77);
  const wrong = Array.from({ length: N }, () => random() < 0.2);
  const suspect = Float64Array.from(wrong, (isWrong) => random() + (isWrong ? 0.1 : 0));
  const zero = new Float64Array(N);
  const all = candidates({
    priorities: { 'suspect-label': suspect, uncertain: zero, novel: zero, damaged: zero },
  });
  let covered = 0;
  for (let seed = 0; seed < 200; seed++) {
    const queue = selectQueue({ candidates: all, budget: 200, policy: { ...policy, diverse: [] }, seed });
    const found = queue.items.filter(({ imageId }) => wrong[imageId - 5000]);
    const errors = found.filter(({ stratum }) => stratum === 'audit').length;
    const truth = wrong.filter(Boolean).length - (found.length - errors);
    const estimate = estimateRest(oneAudit(queue.rest, queue.audited, errors), 0.9);
    if (estimate.countUpper >= truth) covered++;
  }
  // At least 90 % in expectation; three standard deviations of 200 trials are 6.4 %.
  expect(covered / 200).toBeGreaterThan(0.83);
  expect(covered / 200).toBeLessThan(1);
});

describe('allot', () => {
  test('divides by largest remainder and passes on the rest of a short stratum', () => {
    const available = 100;
    expect(allot(10, [{ share: 2, available }, { share: 1, available }])).toEqual([7, 3]); // prettier-ignore
    expect(allot(10, [{ share: 2, available: 1 }, { share: 1, available }, { share: 1, available }])).toEqual([1, 5, 4]); // prettier-ignore
    expect(allot(10, [{ share: 0, available }, { share: 1, available: 4 }])).toEqual([0, 4]); // prettier-ignore
    expect(allot(0, [{ share: 1, available }])).toEqual([0]); // prettier-ignore
  });
});

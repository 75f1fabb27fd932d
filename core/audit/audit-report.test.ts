import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';

const by = 'ada';

test(
  'the rest is told part by part, looks are counted, and nothing is said before anybody looked',
  {
    timeout: 120_000,
  },
  async () => {
    const core = startCore();
    const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 120);
    const queue = { project, by, budget: { items: 30 }, shares: { audit: 0.5 } };
    const made = await runTask(core, 'queue', { ...queue, goldRate: 0.2 });
    const untouched = await core.audit.report({ project });
    expect(untouched).toMatchObject({ estimate: null, breakdowns: [], reviewers: null });
    expect(untouched.text).toMatch(/^Nothing can be said yet/);

    const { items } = await core.queue.show({ project });
    const audit = items.filter(({ stratum }) => stratum === 'audit');
    expect(audit).toHaveLength(made.audited);
    await answerItems(
      core,
      { project, by },
      audit
        .slice(0, -1)
        .map(({ sha256 }, i) =>
          i === 0
            ? { sha256, verdict: 'reject', reason: 'artefact' }
            : { sha256, verdict: i === 1 ? 'skip' : 'accept' },
        ),
    );
    const report = await core.audit.report({ project });
    expect(report.estimate).toMatchObject({
      population: made.rest,
      planned: made.audited,
      sampled: made.audited - 1,
      errors: 1,
      unsure: 1,
      looks: 1,
      confidence: 0.95,
      unseen: made.rest - made.audited + 1,
    });
    expect(report.text).toMatch(
      /^Of \d+ images nobody reviewed, at most \d+(\.\d)? % are wrong \(95 %\)\. A random \d+ beside them were looked at: 1 wrong, 1 undecided, which counts as wrong\. Preliminary: 1 of the audit are left\.$/,
    );
    expect(report.breakdowns.map((breakdown) => breakdown.by)).toEqual(['class', 'batch', 'risk']);
    for (const { parts, rateUpper } of report.breakdowns) {
      expect(parts.reduce((sum, { sampled }) => sum + sampled, 0)).toBe(made.audited - 1);
      expect(parts.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(2);
      expect(rateUpper).toBeGreaterThanOrEqual(report.estimate!.rateUpper);
    }
    // Only the audit was answered: each find counts for 1 / its probability.
    expect(report.faults!.total).toBeCloseTo((2 * made.rest) / made.audited, 6);
    expect(report.queueRecallLower).toBeNull();

    await runTask(core, 'queue', queue);
    const again = (await core.queue.show({ project })).items.filter(({ stratum }) => stratum === 'audit');
    await answerItems(
      core,
      { project, by },
      again.map(({ sha256 }) => ({ sha256, verdict: 'accept' })),
    );
    const second = await core.audit.report({ project });
    expect(second.estimate).toMatchObject({ looks: 2, confidence: 0.9875 });
    expect(second.text).toMatch(/This is look 2 at these images/);

    const plan = await core.audit.plan({ project, maxRate: 0.05 });
    expect(plan.population).toBe(second.estimate!.population);
    expect(plan.sizes.map(({ allowedErrors }) => allowedErrors)).toEqual([0, 1, 2, 3]);
    const sizes = plan.sizes.map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes[0]).toBeLessThan(59);
  },
);

test('gold items correct the bound for what reviewers overlook', { timeout: 120_000 }, async () => {
  const core = startCore();
  const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 120);
  await runTask(core, 'queue', {
    project,
    by,
    budget: { items: 40 },
    shares: { audit: 0.8 },
    goldRate: 0.4,
    goldThreshold: 0,
  });
  const { total } = await core.reviews.session({ project, by });
  // Everything is accepted, so every wrong label of a gold item is overlooked.
  for (let from = 0; from < total; from += 40) {
    const items = await core.reviews.items({ project, by, from, count: Math.min(40, total - from) });
    await answerItems(
      core,
      { project, by },
      items.map(({ sha256, position: place }) => ({ sha256, place, verdict: 'accept' })),
    );
  }
  const { estimate, reviewers } = await core.audit.report({ project });
  expect(estimate!.errors).toBe(0);
  expect(reviewers!.wrong).toBeGreaterThan(0);
  expect(reviewers).toMatchObject({ caught: 0, left: reviewers!.right, rateUpper: 1 });
  expect(reviewers!.text).toMatch(/more gold items are needed/);
});

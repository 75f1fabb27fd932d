import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';

const by = 'ada';

test(
  'the rest is told part by part, looks are counted, and nothing is said before anybody looked',
  {
    timeout: 120_000,
  },
  async () => {
    const core = startCore();
    const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90);
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
      /^Of \d+ images nobody reviewed, at most \d+(\.\d)? % are wrong: \d+ \(95 %\)\. A random \d+ beside them were looked at: 1 wrong, 1 undecided, which counts as wrong\. Preliminary: 1 audit item is left\.$/,
    );
    expect(report.breakdowns.map((breakdown) => breakdown.by)).toEqual(['class', 'batch', 'risk']);
    for (const { parts, rateUpper } of report.breakdowns) {
      expect(parts.reduce((sum, { sampled }) => sum + sampled, 0)).toBe(made.audited - 1);
      expect(parts.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(2);
      expect(rateUpper).toBeGreaterThanOrEqual(report.estimate!.rateUpper);
    }
    // Only the audit was answered: what it found stands for as much of the rest.
    expect(report.faults!.total).toBeCloseTo((2 * made.rest) / (made.audited - 1), 6);
    expect(report.queueRecallLower).toBeNull();

    // This seed draws the skipped item again, which is still to be looked at in the second audit.
    const second = await runTask(core, 'queue', { ...queue, seed: 3 });
    // The first audit still speaks, and the second is to come.
    const between = (await core.audit.report({ project })).estimate!;
    expect(between).toMatchObject({
      sampled: made.audited - 1,
      planned: made.audited - 1 + second.audited,
      looks: 1,
    });
    // What the first queue ranked and nobody answered is in the rest again, and is named.
    expect(between.unseenUpper).toBeLessThanOrEqual(report.estimate!.unseenUpper + between.returned);
    const { audit: again = [], ranked = [] } = Object.groupBy(
      (await core.queue.show({ project })).items,
      ({ stratum }) => (stratum === 'audit' ? 'audit' : 'ranked'),
    );
    const isAgain = ({ sha256 }: { sha256: string }) => again.some((item) => item.sha256 === sha256);
    expect(isAgain(audit[1]!)).toBe(true);
    let bound = between.unseenUpper;
    for (let from = 0; from < again.length; from += 5) {
      await answerItems(
        core,
        { project, by },
        again.slice(from, from + 5).map(({ sha256 }) => ({ sha256, verdict: 'accept' })),
      );
      const next = (await core.projects.status({ project })).estimate!;
      expect(next.unseenUpper).toBeLessThanOrEqual(bound);
      bound = next.unseenUpper;
    }
    const both = await core.audit.report({ project });
    expect(both.estimate).toMatchObject({
      // What the first audit left open and the second one asked again counts in both.
      sampled: made.audited - 1 + second.audited + (isAgain(audit.at(-1)!) ? 1 : 0),
      errors: 1,
      looks: 2,
      unseen: second.rest - second.audited,
      later: 0,
      earlier: 0,
      apart: 0,
    });
    // Better than promised: the item that was skipped in the first audit is no longer in doubt there either.
    const promised = second.promise!.atMost * second.promise!.unseen;
    expect(both.estimate!.unseenUpper).toBeLessThan(promised);
    expect(both.text).toMatch(/looked at in 2 audits: 1 wrong/);
    // One number, wherever it is asked for.
    const { status, attention } = await core.projects.overview({ project });
    expect([status.estimate, status.estimateText]).toEqual([both.estimate, both.text]);
    expect(second.promise!.unseen).toBe(both.estimate!.unseen);
    expect(attention.filter(({ kind, count }) => kind === 'audit' && count !== bound)).toEqual([]);
    for (const { parts } of both.breakdowns)
      expect(parts.reduce((sum, { sampled }) => sum + sampled, 0)).toBe(both.estimate!.sampled);

    const plan = await core.audit.plan({ project, maxRate: 0.05 });
    expect(plan).toMatchObject({ population: both.estimate!.unseen, audits: 2 });
    expect(plan.sizes.map(({ allowedErrors }) => allowedErrors)).toEqual([0, 1, 2, 3]);
    const sizes = plan.sizes.map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    // The errors that the first audit found count too.
    expect(sizes[0]).toBeGreaterThan(0);
    expect(sizes[3]).toBeLessThanOrEqual(plan.population);

    // A queue of some images only asks about these; new images are named, and no audit speaks for them.
    const some = await runTask(core, 'queue', { ...queue, filter: { batches: ['synthetic'] } });
    expect(some.promise!.unseen).toBe(some.rest - some.audited);
    // One that the second audit was drawn from too.
    const [first] = (await core.queue.show({ project })).items.filter(
      ({ stratum, sha256 }) => stratum === 'audit' && !ranked.some((item) => item.sha256 === sha256),
    );
    await answerItems(core, { project, by }, [{ sha256: first!.sha256, verdict: 'accept' }]);
    const apart = await core.audit.report({ project });
    expect(apart.estimate).toMatchObject({ apart: 1, sampled: both.estimate!.sampled });
    expect(apart.estimate!.unseen).toBe(both.estimate!.unseen - 1);
    const set = await writeDataset(join(temporaryFolder(), 'later'), 180);
    await runTask(core, 'import', {
      project,
      by,
      from: join(set.folder, 'synthetic'),
      role: 'synthetic',
      batch: 'later',
    });
    const grown = await core.audit.report({ project });
    expect(grown.estimate).toMatchObject({
      unseen: apart.estimate!.unseen,
      unseenUpper: apart.estimate!.unseenUpper,
    });
    expect(grown.estimate!.later).toBeGreaterThan(0);
    expect(grown.text).toMatch(/images came later, and no audit speaks for them/);
  },
);

test('gold items correct the bound for what reviewers overlook', { timeout: 120_000 }, async () => {
  const core = startCore();
  const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90);
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

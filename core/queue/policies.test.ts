import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';
import { DEFAULT_POLICY } from '../../rpc/contract/policies.ts';

const by = 'ada';
const SHARES = { likeliest: 0, 'suspect-label': 0.3, uncertain: 0, novel: 0.2, damaged: 0.1, audit: 0.4 };

describe('policies and what queues learn', { timeout: 180_000 }, () => {
  test('are kept under a name, fill queues, and are compared on decisions; a queue is ranked again', async () => {
    const core = startCore();
    const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90);

    const builtIn = await core.policies.list({ project });
    expect(builtIn.map(({ name }) => name)).toEqual(['default', 'labels', 'uncertainty', 'audit']);
    expect(builtIn[0]).toMatchObject({ ...DEFAULT_POLICY, builtIn: true });
    await core.policies.save({ project, by, name: 'careful', shares: SHARES });
    const saved = await core.policies.list({ project });
    // Omitted settings are those of the default policy, whichever side fills them in.
    const { diverse, method } = DEFAULT_POLICY;
    expect(saved.at(-1)).toMatchObject({
      name: 'careful',
      shares: SHARES,
      diverse,
      method,
      builtIn: false,
      by,
    });
    await core.policies.save({ project, by, name: 'careful', shares: { ...SHARES, audit: 0.5 } });
    expect((await core.policies.list({ project })).at(-1)?.shares.audit).toBe(0.5);

    const made = await runTask(core, 'queue', { project, by, budget: { items: 30 }, policy: 'careful' });
    const expected = Math.round((30 * 0.5) / 1.1);
    expect(made.strata['audit']).toBeGreaterThanOrEqual(expected);
    const before = await core.queue.show({ project });

    await expect(runTask(core, 'rerank', { project, by })).rejects.toMatchObject({ code: 'NOT_READY' });
    await expect(core.policies.compare({ project, budget: { items: 30 } })).rejects.toMatchObject({
      code: 'NOT_READY',
    });

    // The first third is answered: audit items are sound, the others are of another class.
    const { classes } = await core.reviews.session({ project, by });
    const answered = before.items.slice(0, 10);
    await answerItems(
      core,
      { project, by },
      answered.map(({ sha256, givenLabel, stratum }) =>
        stratum === 'audit'
          ? { sha256, verdict: 'accept' }
          : { sha256, verdict: 'relabel', label: classes.find((name) => name !== givenLabel)! },
      ),
    );
    const reranked = await runTask(core, 'rerank', { project, by });
    const wrong = answered.filter(({ stratum }) => stratum !== 'audit').length;
    expect(reranked).toMatchObject({ decisions: 10, wrong });
    const after = await core.queue.show({ project });
    const places = (shown: typeof after, keep: (item: (typeof after.items)[number]) => boolean) =>
      shown.items.filter(keep).map(({ sha256, rank }) => [sha256, rank]);
    const isAudit = ({ stratum }: { stratum: string }): boolean => stratum === 'audit';
    expect(places(after, isAudit)).toEqual(places(before, isAudit));
    const isAnswered = ({ sha256 }: { sha256: string }): boolean =>
      answered.some((item) => item.sha256 === sha256);
    expect(places(after, isAnswered)).toEqual(places(before, isAnswered));
    expect(new Set(after.items.map(({ sha256 }) => sha256))).toEqual(
      new Set(before.items.map(({ sha256 }) => sha256)),
    );
    expect(after.items.map(({ stratum }) => stratum)).toEqual(before.items.map(({ stratum }) => stratum));
    const left = after.items.filter((item) => item.stratum === 'suspect-label' && !isAnswered(item));
    const priorities = left.map(({ priority }) => priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    const shown = await core.reviews.items({ project, by, from: 0, count: 30 });
    expect(shown.map(({ sha256 }) => sha256)).toEqual(after.items.map(({ sha256 }) => sha256));

    const compared = await core.policies.compare({ project, budget: { items: 30 } });
    expect(compared.map(({ name }) => name)).toEqual([
      'default',
      'labels',
      'uncertainty',
      'audit',
      'careful',
    ]);
    for (const { items, decided, found, known, recall } of compared) {
      expect(items).toBeLessThanOrEqual(30);
      expect(decided).toBeGreaterThanOrEqual(found);
      expect(known).toBe(wrong);
      expect(recall).toBeGreaterThanOrEqual(0);
      expect(recall).toBeLessThanOrEqual(1);
    }
    const careful = compared.at(-1)!;
    expect(careful.found).toBe(careful.known);

    // A reason teaches the same whether the window sends its id or a person writes its words. Free text says nothing
    // about the label, and a near-miss is refused rather than taken for free text.
    const rejected = after.items.filter((item) => !isAnswered(item)).slice(0, 4);
    const reasons = ['wrong-content', 'Wrong content', 'wrong content: a nut', 'torn'];
    const reject = (reason: string, i: number) =>
      answerItems(core, { project, by }, [{ sha256: rejected[i]!.sha256, verdict: 'reject', reason }]);
    for (const [i, reason] of reasons.entries()) await reject(reason, i);
    await expect(reject('wrong contnet', 0)).rejects.toMatchObject({
      code: 'DECISION_REFUSED',
      message: expect.stringMatching(/reads like the reason wrong-content .*off-distribution/),
    });
    const history = await Promise.all(rejected.map(({ sha256 }) => core.images.detail({ project, sha256 })));
    expect(history.map(({ history: entries }) => entries.at(-1)!.reason)).toEqual([
      'wrong-content',
      'wrong-content',
      'wrong-content: a nut',
      'other: torn',
    ]);
    expect(await runTask(core, 'rerank', { project, by })).toMatchObject({ decisions: 13, wrong: wrong + 3 });

    const verified = await runTask(core, 'verify', { project });
    expect(verified).toMatchObject({ ok: true });
    await core.policies.remove({ project, by, name: 'careful' });
    expect((await core.policies.list({ project })).map(({ name }) => name)).not.toContain('careful');
  });

  test('refuse impossible settings', async () => {
    const core = startCore();
    const { folder: project } = await core.projects.create({
      project: join(temporaryFolder(), 'empty'),
      by,
    });
    const nothing = { likeliest: 0, 'suspect-label': 0, uncertain: 0, novel: 0, damaged: 0, audit: 0 };
    for (const [input, code] of [
      [{ name: 'default', shares: SHARES }, 'INVALID_INPUT'],
      [{ name: 'none', shares: nothing }, 'INVALID_INPUT'],
      [{ name: 'luck', shares: SHARES, method: 'luck' }, 'INVALID_INPUT'],
    ] as const)
      await expect(core.policies.save({ project, by, ...input })).rejects.toMatchObject({ code });
    await expect(core.policies.remove({ project, by, name: 'gone' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(core.policies.remove({ project, by, name: 'audit' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(runTask(core, 'rerank', { project, by })).rejects.toMatchObject({ code: 'NOT_READY' });
  });
});

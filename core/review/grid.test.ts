import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecisionInput, ReviewItem } from '../../rpc/contract/reviews.ts';
import { runTask } from '../../rpc/run-task.ts';
import { openCore } from '../../test/support/core.ts';
import { makeReviewable } from '../../test/support/reviewable.ts';

const by = 'ada';
const RANKED = { everything: false, budget: { items: 40 } } as const;

const { core, close } = openCore();
const home = mkdtempSync(join(tmpdir(), 'assay-grid-'));
let project = '';
beforeAll(async () => {
  project = await makeReviewable(core, join(home, 'parts'), 90, {
    ...RANKED,
    reviewers: 2,
  });
}, 240_000);
afterAll(async () => {
  await close();
  rmSync(home, { recursive: true, force: true });
});

const accepted = ({ sha256, position }: ReviewItem): DecisionInput => ({
  sha256,
  place: position,
  verdict: 'accept',
  durationMs: 250,
});
/** The class or the first reason that an item is shown with. */
const sharedBy = { class: (item: ReviewItem) => item.givenLabel, reason: reasonOf };

function reasonOf({ reasons: [first] }: ReviewItem): string | null {
  return first && 'score' in first.reason ? first.reason.score : null;
}

test.each([
  ['class', 'ada'],
  ['reason', 'bob'],
] as const)(
  'grids of one %s hold everything but the audit and as many others, an act each, and undo takes one back whole',
  { timeout: 240_000 },
  async (together, reviewer) => {
    const { items } = await core.queue.show({ project });
    const audit = new Set(items.filter(({ stratum }) => stratum === 'audit').map(({ sha256 }) => sha256));
    const context = { kind: 'review', queue: 1, grid: true } as const;
    const ask = { project, by: reviewer, queue: 1, count: 8, together };
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let page = await core.reviews.grid(ask); page.length > 0; page = await core.reviews.grid(ask)) {
      expect(page.length).toBeLessThanOrEqual(8);
      expect(new Set(page.map(sharedBy[together])).size).toBe(1);
      const { applied } = await core.reviews.decide({
        project,
        by: reviewer,
        context,
        decisions: page.map(accepted),
      });
      expect(applied).toBe(page.length);
      seen.push(...page.map(({ sha256 }) => sha256));
      sizes.push(page.length);
    }
    expect(Math.max(...sizes)).toBe(8);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((sha256) => audit.has(sha256))).toEqual([]);
    const alone = items.filter(({ sha256 }) => !seen.includes(sha256));
    expect(alone.length).toBeGreaterThan(audit.size);
    expect(seen.length).toBeGreaterThan(items.length / 2);

    // Each is one decision, which says how many were on the screen; one alone is no grid.
    const { history } = await core.images.detail({ project, sha256: seen[0]! });
    const own = history.filter((entry) => entry.by === reviewer);
    expect(own).toMatchObject([{ verdict: 'accept', grid: sizes[0] }]);
    const last = await core.reviews.session({ project, by: reviewer });
    expect(last).toMatchObject({ answered: seen.length });

    const undone = await core.reviews.undo({ project, by: reviewer });
    expect(undone).toMatchObject({ applied: sizes.at(-1) });
    const again = await core.reviews.grid(ask);
    expect(again.map(({ sha256 }) => sha256)).toEqual(seen.slice(-sizes.at(-1)!));

    // What stays alone is refused in a grid, in the same words whether of the audit or not.
    const session = { project, by: reviewer, queue: 1 };
    const [first] = again;
    const refusals = await Promise.all(
      alone.map(async ({ sha256 }) => {
        const [place] = await core.reviews.places({ ...session, images: [sha256] });
        const decisions: DecisionInput[] = [accepted(first!), { sha256, place: place!, verdict: 'accept' }];
        return core.reviews.decide({ project, by: reviewer, context, decisions }).then(
          () => 'allowed',
          ({ code, message }: { code: string; message: string }) =>
            `${code} ${message.replace(sha256, 'IMAGE')}`,
        );
      }),
    );
    expect(new Set(refusals)).toEqual(
      new Set([
        'DECISION_REFUSED Line 2: the image IMAGE is looked at by itself, never in a grid. Nothing was recorded.',
      ]),
    );
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  },
);

test(
  'gold items come in grids like others and alone like others; a blind queue has no grids',
  { timeout: 240_000 },
  async () => {
    const { queue } = await runTask(core, 'queue', {
      project,
      by,
      ...RANKED,
      goldRate: 0.4,
      goldThreshold: 0,
    });
    const context = { kind: 'review', queue, grid: true } as const;
    const ask = { project, by, queue, count: 6 };
    const inGrids = new Set<string>();
    for (let page = await core.reviews.grid(ask); page.length > 0; page = await core.reviews.grid(ask)) {
      await core.reviews.decide({ project, by, context, decisions: page.map(accepted) });
      for (const { sha256 } of page) inGrids.add(sha256);
    }
    const { total } = await core.reviews.session({ project, by, queue });
    const one = { kind: 'review', queue } as const;
    for (let from = 0; from < total; from++) {
      const [item] = await core.reviews.items({ project, by, queue, from, count: 1 });
      if (item!.answer === null)
        await core.reviews.decide({ project, by, context: one, decisions: [accepted(item!)] });
    }
    const gold = await core.reviews.gold({ project, by: 'The lead', queue });
    const together = gold.filter(({ sha256 }) => inGrids.has(sha256)).length;
    expect(together).toBeGreaterThan(gold.length / 2);
    expect(together).toBeLessThan(gold.length);

    const { queue: blindQueue } = await runTask(core, 'queue', {
      project,
      by,
      budget: { items: 12 },
      blind: true,
    });
    await expect(core.reviews.grid({ ...ask, queue: blindQueue })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining(`Queue ${blindQueue} is blind`),
    });
    const blind = await core.reviews.items({ project, by, queue: blindQueue, from: 0, count: 2 });
    const decisions = blind.map(({ sha256, position }): DecisionInput => ({
      sha256,
      place: position,
      verdict: 'relabel',
      label: 'leaf',
    }));
    await expect(
      core.reviews.decide({ project, by, context: { ...context, queue: blindQueue }, decisions }),
    ).rejects.toMatchObject({ code: 'DECISION_REFUSED', message: expect.stringContaining('is blind') });
  },
);

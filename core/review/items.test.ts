import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { copyScored } from '../../test/support/reviewable.ts';
import type { ReviewItem } from '../../rpc/contract/reviews.ts';
import { Project } from '../project/project.ts';
import { boardOf } from './board.ts';

const by = 'Ada Lovelace';

/** What of an item is there at all, leaving out how much. */
function shape(item: ReviewItem): unknown {
  const { examples, reasons, ...rest } = item;
  return {
    keys: Object.keys(item).sort(),
    empty: Object.entries(rest).flatMap(([key, value]) =>
      value === null || value === 0 || (Array.isArray(value) && value.length === 0) ? [key] : [],
    ),
    probabilities: item.probabilities.length,
    given: examples.given.length,
    reasons: reasons.length > 0,
    // Neither how many candidates there were nor a threshold tells where a rank comes from.
    coarse: reasons.every(
      ({ reason, strip }) =>
        'score' in reason &&
        (strip === null || strip.counts.every(Number.isInteger)) &&
        reason.of === 100 &&
        Number.isInteger(reason.rank) &&
        Number(reason.value.toFixed(3)) === reason.value,
    ),
  };
}

test(
  'nothing that a reviewer is sent tells gold, audit and ranked items apart, and a blind queue says nothing',
  { timeout: 240_000 },
  async () => {
    const core = startCore();
    const { project } = await copyScored(join(temporaryFolder(), 'p'), 90);
    await runTask(core, 'queue', { project, by, budget: { items: 24 }, goldRate: 0.25 });

    const tagged = await core.images.query({ project });
    await runTask(core, 'tag-view', {
      project,
      by,
      tag: 'wrong?',
      view: tagged.view,
      expected: tagged.total,
    });
    const session = await core.reviews.session({ project, by });
    expect(session).toMatchObject({ total: 32, answered: 0, next: 0, gold: null, blind: false });
    const items = await core.reviews.items({ project, by, from: 0, count: 50 });
    expect(items.map(({ position }) => position)).toEqual(Array.from({ length: 32 }, (_, i) => i));
    expect(new Set(items.map((item) => JSON.stringify(shape({ ...item, position: 1 })))).size).toBe(1);
    for (const item of items) {
      // Tags may tell gold from the rest, and what others think.
      expect(item.tags).toBeNull();
      const sum = item.probabilities.reduce((total, { probability }) => total + probability, 0);
      expect(sum).toBeCloseTo(1, 9);
      expect(item.predicted).toEqual(item.probabilities[0]);
      // An image is no example of itself: at a cosine of 1 it would show that it is a real one.
      expect(item.examples.given.map(({ sha256 }) => sha256)).not.toContain(item.sha256);
      expect(item.examples.given.every(({ label }) => label === item.givenLabel)).toBe(true);
      // Either all of it is extreme, or it is the one most unusual thing.
      const { length } = item.reasons;
      expect(item.reasons.filter(({ extreme }) => extreme).length).toBe(
        item.reasons[0]!.extreme ? length : 0,
      );
      expect(item.reasons[0]!.extreme || length === 1).toBe(true);
      for (const { strip } of item.reasons)
        expect(strip === null || (strip.at >= 0 && strip.at <= 1)).toBe(true);
      const similarities = item.examples.given.map(({ similarity }) => similarity);
      expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    }

    // The same after a restart, read straight from the file.
    await core.projects.close({ project });
    const again = Project.open(project, 'read');
    onTestFinished(() => again.close());
    const order = boardOf(again.store, null).order(by);
    expect(order.gold).toHaveLength(8);
    const places = Array.from({ length: order.total }, (_, position) => order.at(position).imageId);
    expect(places.map((id) => again.store.images.byId(id)!.sha256)).toEqual(
      items.map(({ sha256 }) => sha256),
    );

    await runTask(core, 'queue', {
      project,
      by,
      budget: { items: 10 },
      blind: true,
      goldRate: 0.2,
      reviewers: 2,
    });
    const [hidden] = await core.reviews.items({ project, by, from: 0, count: 1 });
    expect(hidden).toMatchObject({
      hidden: true,
      givenLabel: null,
      predicted: null,
      metadata: null,
      answer: null,
    });
    expect([hidden!.probabilities, hidden!.reasons, hidden!.boxes, hidden!.history]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    await core.reviews.decide({
      project,
      by,
      context: { kind: 'review', queue: 2 },
      decisions: [{ sha256: hidden!.sha256, place: hidden!.position, verdict: 'relabel', label: 'leaf' }],
    });
    const [shown] = await core.reviews.items({ project, by, from: 0, count: 1 });
    expect(shown!.answer).toMatchObject({ label: 'leaf' });
    expect(shown!.hidden).toBe(false);
    expect(shown!.givenLabel).not.toBeNull();
    expect(shown!.history).toMatchObject([{ by, label: 'leaf', purpose: 'review' }]);
    expect(shown!.tags).toBeNull();

    // A queue of everything that a filter lets through, whatever was decided before.
    const filter = { labels: ['leaf'] };
    const leaves = await core.images.query({ project, filter: { ...filter, roles: ['synthetic'] } });
    const whole = await runTask(core, 'queue', {
      project,
      by,
      budget: { items: 1 },
      filter,
      everything: true,
    });
    expect(whole).toMatchObject({
      items: leaves.total,
      strata: { chosen: leaves.total },
      rest: 0,
    });
    const queues = await core.queue.list({ project });
    const [leaf] = await core.reviews.items({ project, by, queue: 3, from: 0, count: 1 });
    expect(leaf!.tags).toEqual(['wrong?']);
    // Gold items count among them, so that no count tells them apart.
    expect(queues.map(({ id, items: n, filter: of, done }) => [id, n, of, done])).toEqual([
      [3, leaves.total, filter, 0],
      [2, 12, null, 0],
      [1, 32, null, 0],
    ]);
    const { view, total } = await core.images.query({ project, filter: { labels: ['water'] } });
    const bulk = { project, by, view, verdict: 'accept' as const };
    await expect(runTask(core, 'decide-view', { ...bulk, expected: total + 1 })).rejects.toMatchObject({
      code: 'DECISION_REFUSED',
    });
    // What a release leaves out as a copy is passed over, and said.
    const { applied, keptOut = 0 } = await runTask(core, 'decide-view', { ...bulk, expected: total });
    expect(applied + keptOut).toBe(total);
    expect((await core.reviews.undo({ project, by })).applied).toBe(applied);
    expect(await runTask(core, 'verify', { project, originals: false })).toMatchObject({ ok: true });
  },
);

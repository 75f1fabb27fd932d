import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';

/** One label per item and reviewer, in the order of the queue's items; null says nothing. */
async function answer(
  core: CoreClient,
  project: string,
  hashes: string[],
  by: string,
  labels: (string | null)[],
): Promise<void> {
  const decisions = labels.flatMap((label, i) =>
    label === null ? [] : [{ sha256: hashes[i]!, verdict: 'relabel' as const, label }],
  );
  await answerItems(core, { project, by }, decisions);
}

test('several answers are weighed with the model, and it is said where another one would help most', async () => {
  const core = startCore();
  const project = await makeReviewable(core, join(temporaryFolder(), 'p'), 30, { reviewers: 3 });
  const refused = await core.reviews
    .askNext({ project, by: 'lead' })
    .catch((error: { code: string }) => error.code);
  expect(refused).toBe('NOT_READY');
  expect((await core.reviews.agreement({ project, by: 'lead' })).reviewers).toEqual([]);

  const items = await core.reviews.items({ project, by: 'ada', from: 0, count: 20 });
  const hashes = items.map(({ sha256 }) => sha256);
  const given = items.map(({ givenLabel }) => givenLabel!);
  const classes = [...new Set(given)].sort();
  const other = (label: string): string => classes.find((name) => name !== label)!;
  // Ada and Ben agree; Eve names another class on four items, and so does Ada once.
  await answer(core, project, hashes, 'ben', given.slice(0, 10));
  await answer(core, project, hashes, 'eve', [...given.slice(0, 4).map(other), ...given.slice(4, 9)]);
  await answer(core, project, hashes, 'ada', [given[0]!, given[1]!, given[2]!, given[3]!, other(given[4]!)]);

  const { reviewers } = await core.reviews.agreement({ project, by: 'lead' });
  const quality = new Map(reviewers.map((reviewer) => [reviewer.reviewer, reviewer.quality!]));
  expect([...quality.keys()]).toEqual(['ada', 'ben', 'eve']);
  expect([...quality.values()].every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(quality.get('ben')).toBeGreaterThan(quality.get('eve')!);

  const conflicts = await core.reviews.conflicts({ project, by: 'lead' });
  expect(conflicts.map(({ sha256 }) => sha256).sort()).toEqual(hashes.slice(0, 5).sort());
  for (const { suggestion, givenLabel } of conflicts) {
    expect(suggestion!.label).toBe(givenLabel);
    expect(suggestion!.quality).toBeGreaterThan(1 / classes.length);
    expect(suggestion!.quality).toBeLessThan(1);
  }

  const next = await core.reviews.askNext({ project, by: 'lead', count: 1000 });
  const { total } = await core.reviews.session({ project, by: 'ada' });
  expect(next).toHaveLength(total);
  expect(next.map(({ score }) => score)).toEqual(next.map(({ score }) => score).sort((a, b) => a - b));
  const first = new Map(next.map((asked) => [asked.sha256, asked]));
  expect(first.get(hashes[0]!)).toMatchObject({ answeredBy: ['ada', 'ben', 'eve'] });
  expect(first.get(hashes[12]!)).toMatchObject({ answeredBy: [], suggestion: null });
  // Whom three people agree with needs another answer less than one on whom they do not.
  await answer(core, project, hashes, 'ada', [null, null, null, null, null, given[5]!]);
  const later = new Map(
    (await core.reviews.askNext({ project, by: 'lead', count: 1000 })).map(({ sha256, score }) => [
      sha256,
      score,
    ]),
  );
  expect(later.get(hashes[5]!)).toBeGreaterThan(later.get(hashes[4]!)!);
  expect(await core.reviews.askNext({ project, by: 'lead', count: 3 })).toHaveLength(3);

  // A judged item is settled, and one that somebody rejects is no question of classes.
  await core.reviews.decide({
    project,
    by: 'lead',
    context: { kind: 'conflict', queue: 1 },
    decisions: [{ sha256: hashes[0]!, verdict: 'accept' }],
  });
  await answerItems(core, { project, by: 'ada' }, [
    { sha256: hashes[9]!, verdict: 'reject', reason: 'artefact' },
  ]);
  const left = (await core.reviews.askNext({ project, by: 'lead', count: 1000 })).map(({ sha256 }) => sha256);
  expect(left).toHaveLength(total - 2);
  expect(left).not.toContain(hashes[0]);
  expect(left).not.toContain(hashes[9]);
}, 120_000);

test('a blind queue suggests nothing', async () => {
  const core = startCore();
  const project = await makeReviewable(core, join(temporaryFolder(), 'p'), 30, { reviewers: 2, blind: true });
  const items = await core.reviews.items({ project, by: 'ada', from: 0, count: 4 });
  const hashes = items.map(({ sha256 }) => sha256);
  const [one, two] = (await core.reviews.session({ project, by: 'ada' })).classes;
  await answer(core, project, hashes, 'ada', [one!, one!, two!]);
  await answer(core, project, hashes, 'ben', [one!, two!, two!]);
  const conflicts = await core.reviews.conflicts({ project, by: 'lead' });
  expect(conflicts.map(({ sha256, suggestion }) => [sha256, suggestion])).toEqual([[hashes[1], null]]);
  const next = await core.reviews.askNext({ project, by: 'lead', count: 1000 });
  expect(next.every(({ suggestion }) => suggestion === null)).toBe(true);
}, 120_000);

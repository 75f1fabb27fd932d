import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ITEMS_AHEAD, type DecisionInput } from '../../rpc/contract/reviews.ts';
import type { TaskRequest } from '../../rpc/contract/jobs.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { REPOSITORY, temporaryFolder } from '../../test/support/folders.ts';
import { madeOnce } from '../../test/support/made-once.ts';
import { answerItems } from '../../test/support/reviewable.ts';
import { EVENTS } from '../ledger/events.ts';
import { Project } from '../project/project.ts';

const by = 'ada';
const AFTER = 12;

const CLASSES = ['brick', 'leaf', 'water'];

/** A scored project of which a third has wrong labels. */
async function makeMislabelled(core: CoreClient, path: string): Promise<void> {
  const set = await writeDataset(`${path}-set`, 200);
  const table = join(set.folder, 'synthetic', 'metadata.jsonl');
  const lines = readFileSync(table, 'utf8').trim().split('\n');
  const mislabelled = lines.map((line, i) => {
    const entry = JSON.parse(line) as { label: string };
    const others = CLASSES.filter((name) => name !== entry.label);
    return JSON.stringify(i % 3 === 0 ? { ...entry, label: others[(i / 3) % 2] } : entry);
  });
  writeFileSync(table, `${mislabelled.join('\n')}\n`);
  const { folder: project } = await core.projects.create({ project: path, by });
  for (const role of ['real', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
  await runTask(core, 'score', { project, by });
}

/** A copy of it with a queue that is to be ranked again after every `AFTER` answers. */
async function makeRanked(core: CoreClient, queue: Partial<TaskRequest<'queue'>> = {}): Promise<string> {
  const { project } = await madeOnce('mislabelled', join(temporaryFolder(), 'parts'), makeMislabelled);
  const shares = { likeliest: 0, 'suspect-label': 0.6, uncertain: 0.1, novel: 0.1, damaged: 0, audit: 0.2 };
  await runTask(core, 'queue', { project, by, budget: { share: 0.5 }, shares, ...queue });
  await core.queue.setReranking({ project, by, after: AFTER });
  return project;
}

const inOrder = async (core: CoreClient, project: string) => (await core.queue.show({ project })).items;
const places = (items: Item[]) => items.map(({ sha256, rank }) => [sha256, rank]);
type Item = Awaited<ReturnType<typeof inOrder>>[number];

/** An answer that teaches: audit items are sound, every other suspect label is wrong. */
function sayTo({ sha256, stratum, givenLabel, rank }: Item): DecisionInput {
  return stratum === 'audit' || rank % 2 === 0
    ? { sha256, verdict: 'accept' }
    : { sha256, verdict: 'relabel', label: givenLabel === 'leaf' ? 'brick' : 'leaf' };
}

/** Waits until no task of the project is under way. */
async function quiet(core: CoreClient, project: string): Promise<void> {
  await sleep(20);
  while ((await core.jobs.list({ project })).some(({ state }) => state === 'running')) await sleep(20);
}

function reranks(project: string) {
  const opened = Project.open(project, 'read');
  try {
    return [...opened.store.events.all()]
      .filter(({ kind }) => kind === 'queue.reranked')
      .map(({ body, actor }) => ({ actor, ...EVENTS['queue.reranked'].parse(JSON.parse(body)) }));
  } finally {
    opened.close();
  }
}

test(
  'ranks again after as many answers as are set, and leaves what anybody holds',
  { timeout: 300_000 },
  async () => {
    const core = startCore();
    const project = await makeRanked(core);
    const before = await inOrder(core, project);
    // Somebody else has a screen open further on.
    const { queue, rankedSeq } = await core.reviews.session({ project, by });
    await core.reviews.items({ project, by: 'Grace', queue, from: 60, count: 12 });

    await answerItems(core, { project, by }, before.slice(0, AFTER - 1).map(sayTo));
    await quiet(core, project);
    expect(reranks(project)).toEqual([]);
    await answerItems(core, { project, by }, [sayTo(before[AFTER - 1]!)]);
    await quiet(core, project);
    const [reranked] = reranks(project);
    expect(reranked).toMatchObject({ actor: by, queue, afterAnswers: AFTER, risk: { decisions: AFTER } });
    expect((await core.reviews.session({ project, by })).rankedSeq).toBeGreaterThan(rankedSeq);

    const after = await inOrder(core, project);
    const moved = after.filter(({ sha256 }, i) => sha256 !== before[i]!.sha256);
    expect(moved.length).toBeGreaterThan(0);
    const held = [
      [0, AFTER + ITEMS_AHEAD],
      [60, 72],
    ] as const;
    for (const [from, to] of held)
      expect(places(after).slice(from, to)).toEqual(places(before).slice(from, to));
    const audit = (items: Item[]) => places(items.filter(({ stratum }) => stratum === 'audit'));
    expect(audit(after)).toEqual(audit(before));
    expect(after.map(({ stratum }) => stratum)).toEqual(before.map(({ stratum }) => stratum));
    const all = (items: Item[]) => items.map(({ sha256 }) => sha256).sort();
    expect(all(after)).toEqual(all(before));
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });

    // Off: nothing more happens; on again: it happens with the next answer.
    await core.queue.setReranking({ project, by, after: 0 });
    await answerItems(core, { project, by }, after.slice(AFTER, 2 * AFTER).map(sayTo));
    await quiet(core, project);
    expect(reranks(project)).toHaveLength(1);
    await core.queue.setReranking({ project, by, after: AFTER });
    await answerItems(core, { project, by }, [sayTo(after[2 * AFTER]!)]);
    await quiet(core, project);
    expect(reranks(project)[1]).toMatchObject({ afterAnswers: AFTER + 1 });
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  },
);

test(
  'an answer taken back, a skip and a decision elsewhere do not count, and nothing to learn from is no failure',
  { timeout: 300_000 },
  async () => {
    const core = startCore();
    const project = await makeRanked(core);
    const items = await inOrder(core, project);
    const rejects = items
      .slice(0, AFTER)
      .map(({ sha256 }) => ({ sha256, verdict: 'reject' as const, reason: 'artefact' }));
    // Says nothing about labels: due, and still nothing can be learnt.
    await answerItems(core, { project, by }, rejects);
    await quiet(core, project);
    await core.reviews.undo({ project, by });
    const settled = items.slice(100, 100 + AFTER).map(sayTo);
    await core.reviews.decide({ project, by, context: { kind: 'explore' }, decisions: settled });
    const skips = items.slice(0, AFTER).map(({ sha256 }) => ({ sha256, verdict: 'skip' as const }));
    await answerItems(core, { project, by }, skips);
    await answerItems(core, { project, by }, items.slice(0, AFTER - 1).map(sayTo));
    await quiet(core, project);
    expect(reranks(project)).toEqual([]);
    // On a slow machine it took long enough to be listed.
    const jobs = await core.jobs.list({ project });
    expect(jobs.filter(({ kind, state }) => kind === 'rerank' && state !== 'done')).toEqual([]);
  },
);

test(
  'two reviewers answer while it runs: every answer is bound to what was shown',
  { timeout: 300_000 },
  async () => {
    const core = startCore();
    const project = await makeRanked(core, { reviewers: 2, goldRate: 0.1, goldThreshold: 0 });
    const { queue } = await core.reviews.session({ project, by });
    const before = await inOrder(core, project);
    const known = new Map(before.map((item) => [item.sha256, item]));
    const gold = new Map<string, string[]>();

    /** Works as the review screen does: holds items ahead of the one answered, and never asks for them again. */
    const work = async (reviewer: string, count: number): Promise<void> => {
      const held: { position: number; sha256: string }[] = [];
      const ask = { project, by: reviewer, queue };
      for (let place = 0; place < count; place++) {
        while (held.length <= place + ITEMS_AHEAD - 12)
          held.push(...(await core.reviews.items({ ...ask, from: held.length, count: 12 })));
        const { sha256, position } = held[place]!;
        const item = known.get(sha256);
        if (!item) gold.set(reviewer, [...(gold.get(reviewer) ?? []), `${position} ${sha256}`]);
        const said: DecisionInput = item ? sayTo(item) : { sha256, verdict: 'accept' };
        await core.reviews.decide({
          ...ask,
          context: { kind: 'review', queue },
          decisions: [{ ...said, place: position }],
        });
        await sleep(15);
      }
    };
    await Promise.all([work('Ada', 70), work('Grace', 45)]);
    await quiet(core, project);

    const done = reranks(project);
    // Answers were recorded between the one that called for it and its own record.
    expect(done[0]!.afterAnswers).toBeGreaterThan(AFTER);
    const after = await inOrder(core, project);
    // Gold stays where it was: its places follow from the queue and the name alone.
    for (const [reviewer, met] of gold) {
      const shown = await core.reviews.items({ project, by: reviewer, queue, from: 0, count: 45 });
      const now = shown.map(({ position, sha256 }) => `${position} ${sha256}`);
      expect(now).toEqual(expect.arrayContaining(met.filter((place) => Number(place.split(' ')[0]) < 45)));
    }
    const audit = (items: Item[]) => places(items.filter(({ stratum }) => stratum === 'audit'));
    expect(audit(after)).toEqual(audit(before));
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  },
);

test(
  'the command ranks again too; what a killed one left undone is done after the next answer',
  { timeout: 300_000 },
  async () => {
    const core = startCore();
    const project = await makeRanked(core);
    const items = await inOrder(core, project);
    await core.projects.close({ project });
    const assay = (...args: string[]) => {
      const child = spawn(process.execPath, [join(REPOSITORY, 'cli/main.ts'), ...args], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const decide = () => assay('decide', project, '--by', by, '--queue', '1', '--stream');
    const line = (item: Item): string => `${JSON.stringify(sayTo(item))}\n`;

    const killed = decide();
    let acknowledged = 0;
    killed.stdout.on('data', (part: Buffer) => (acknowledged += String(part).split('\n').length - 1));
    killed.stdin.write(items.slice(0, AFTER).map(line).join(''));
    // Dies right after its last answer: before the re-rank is recorded, or just then.
    while (acknowledged < AFTER) await sleep(5);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const left = reranks(project).length;
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
    await core.projects.close({ project });

    const whole = decide();
    whole.stdin.end(
      items
        .slice(AFTER, 2 * AFTER)
        .map(line)
        .join(''),
    );
    whole.stdout.resume();
    const [code] = (await once(whole, 'close')) as [number];
    expect(code).toBe(0);
    expect(reranks(project).length).toBeGreaterThan(left);
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  },
);

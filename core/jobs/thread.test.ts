import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';
import { makeHugeProject } from '../../test/support/huge-project.ts';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.ts';
import { router } from '../handlers/index.ts';
import { Workbench } from '../handlers/workbench.ts';

const by = 'ada';
const IMAGES = 12_000;

async function openLarge(images = IMAGES) {
  const project = await makeHugeProject(join(temporaryFolder(), 'huge'), {
    images,
    queue: 200,
    decisions: 30,
    dimensions: 4,
  });
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  const core = connectInProcess(router, { workbench });
  await core.projects.open({ project });
  const view = () => core.images.query({ project, filter: { roles: ['synthetic'] } });
  return { project, core, jobs: workbench.jobs, view };
}

/** Runs an act and counts the answers that the core gives meanwhile, as a window that scrolls would ask. */
async function answersDuring<T>(core: CoreClient, project: string, act: () => Promise<T>) {
  let isRunning = true;
  const running = act().finally(() => (isRunning = false));
  let answers = 0;
  while (isRunning) {
    await core.reviews.session({ project, by });
    answers++;
    await sleep(5);
  }
  return { result: await running, answers };
}

describe('a task that reads or writes very many rows', { timeout: 120_000 }, () => {
  test('leaves the core free to answer, and is one act that one undo takes back', async () => {
    const { project, core, jobs, view } = await openLarge();
    const before = (await core.projects.status({ project })).decisions;
    const { view: id, total } = await view();
    // A reject: images that a release leaves out as copies are neither accepted nor relabelled.
    const bulk = { project, by, view: id, verdict: 'reject' as const, reason: 'artefact' };
    const decided = await answersDuring(core, project, () =>
      runTask(core, 'decide-view', { ...bulk, expected: total }),
    );
    expect(decided.result.applied).toBe(total);
    expect(decided.answers).toBeGreaterThan(5);
    const after = (await core.projects.status({ project })).decisions;
    expect(after.accept + after.relabel + after.reject).toBe(total);
    const undone = await answersDuring(core, project, () => core.reviews.undo({ project, by }));
    expect(undone.result).toMatchObject({ applied: total, seq: decided.result.seq + 1 });
    expect(undone.answers).toBeGreaterThan(5);
    const { accept, relabel, reject } = (await core.projects.status({ project })).decisions;
    expect([accept, relabel, reject]).toEqual([before.accept, before.relabel, before.reject]);
    const page = { project, view: id, limit: 600 };
    const rows = (await Promise.all([0, 600].map((offset) => core.images.rows({ ...page, offset })))).flat();
    const decisions = rows.map(({ sha256 }) => ({ sha256, verdict: 'reject' as const, reason: 'artefact' }));
    const list = { project, by, context: { kind: 'command' as const } };
    const listed = await answersDuring(core, project, () => core.reviews.decide({ ...list, decisions }));
    expect(listed.result).toEqual({ applied: 1200, seq: undone.result.seq + 1 });
    expect(listed.answers).toBeGreaterThan(5);
    const torn = decisions.with(1099, { sha256: '0'.repeat(64), verdict: 'reject', reason: 'artefact' });
    const refused = jobs.finish({ kind: 'decide', input: { ...list, decisions: torn } });
    expect(jobs.list(project)[0]).toMatchObject({ title: 'Recording 1,200 decisions', task: null });
    await expect(refused).rejects.toMatchObject({ code: 'DECISION_REFUSED', data: { line: 1100 } });
    expect(await core.reviews.undo({ project, by })).toMatchObject({ applied: 1200 });
    const queued = await answersDuring(core, project, () =>
      runTask(core, 'queue', { project, by, budget: { share: 0.2 } }),
    );
    expect(queued.result.items).toBeGreaterThan(2000);
    expect(queued.answers).toBeGreaterThan(5);
  });

  test(
    'leaves it free while about 40,000 images are tagged, and while that is taken back',
    { timeout: 240_000 },
    async () => {
      const { project, core, jobs } = await openLarge(42_000);
      const { view, total } = await core.images.query({ project, filter: { roles: ['synthetic'] } });
      const images = total;
      /** Cheap calls that were answered while a job was still at work. */
      const cheapBeside = async (act: Promise<unknown>) => {
        const answered: string[] = [];
        let isRunning = true;
        const running = act.finally(() => (isRunning = false));
        while (isRunning) {
          for (const [name, call] of [
            ['overview', () => core.projects.overview({ project })],
            ['tags', () => core.tags.list({ project })],
            ['session', () => core.reviews.session({ project, by })],
          ] as const) {
            await call();
            if (isRunning && jobs.isBusy(project)) answered.push(name);
          }
          await sleep(5);
        }
        await running;
        return new Set(answered);
      };
      const tag = { project, by, tag: 'glare' };
      const put = runTask(core, 'tag-view', { ...tag, view, expected: images });
      expect(await cheapBeside(put)).toEqual(new Set(['overview', 'tags', 'session']));
      const { seq } = await put;
      expect(await core.tags.list({ project })).toEqual([{ name: 'glare', images }]);
      const undone = core.tags.undo({ project, by, seq });
      expect(await cheapBeside(undone)).toEqual(new Set(['overview', 'tags', 'session']));
      expect(await undone).toEqual({ tag: 'glare', applied: images, seq: seq + 1 });
      expect(await core.tags.list({ project })).toEqual([]);
    },
  );

  test('lets other decisions wait for its act, and never between its event and its rows', async () => {
    const { project, core, view } = await openLarge();
    const { view: id, total } = await view();
    const sha256 = (await core.images.rows({ project, view: id, offset: 0, limit: 1 }))[0]!.sha256;
    const bulk = runTask(core, 'decide-view', { project, by, view: id, expected: total, verdict: 'accept' });
    const seqs: number[] = [];
    let isRunning = true;
    void bulk.finally(() => (isRunning = false)).catch(() => {});
    while (isRunning) {
      const decisions = [{ sha256, verdict: 'reject' as const, reason: 'torn' }];
      const context = { kind: 'explore' as const };
      seqs.push((await core.reviews.decide({ project, by: 'grace', context, decisions })).seq);
      await sleep(20);
    }
    const { seq } = await bulk;
    // Every act has a number of its own and they follow each other: the bulk act lies somewhere among the others.
    const all = [...seqs, seq].toSorted((a, b) => a - b);
    expect(all).toEqual(all.map((_, i) => all[0]! + i));
    const verified = await runTask(core, 'verify', { project, originals: false });
    // The tables of this project were filled without events, which is the only thing that may be found.
    expect(verified.difference).toContain('the events do not replay');
  });

  test('records nothing when it is cancelled before it writes', async () => {
    const { project, core } = await openLarge();
    const { head } = await core.projects.status({ project });
    const stop = new AbortController();
    const making = runTask(core, 'queue', { project, by, budget: { share: 0.2 } }, { signal: stop.signal });
    await sleep(20);
    stop.abort();
    await expect(making).rejects.toMatchObject({ code: 'CANCELLED' });
    while ((await core.jobs.list({ project: null })).length > 0) await sleep(10);
    expect((await core.projects.status({ project })).head).toBe(head);
    expect(await runTask(core, 'queue', { project, by, budget: { items: 50 } })).toMatchObject({ items: 50 });
  });
});

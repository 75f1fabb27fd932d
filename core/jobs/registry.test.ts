import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore, type Store } from '../../db/store.ts';
import type { Job, Task } from '../../rpc/contract/jobs.ts';
import { followTask, runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/inproc.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { REPOSITORY, temporaryFolder } from '../../test/support/folders.ts';
import { copyScored } from '../../test/support/reviewable.ts';
import { RateMeter } from './rate.ts';

const by = 'Mara';

describe('the rate', () => {
  const report = (stage: string, done: number, total: number | null = null) => ({
    stage,
    done,
    total,
    unit: 'images',
  });

  test('is unknown before two reports, then what was done over the time', () => {
    const meter = new RateMeter();
    meter.add(report('reading', 0), 1000);
    expect(meter.perSecond).toBeNull();
    meter.add(report('reading', 50, 300), 2000);
    expect(meter.perSecond).toBe(50);
    expect(meter.secondsLeft(report('reading', 50, 300))).toBe(5);
    expect(meter.secondsLeft(report('reading', 50))).toBeNull();
  });

  test('forgets what is longer ago than its window, and the stage before', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 60; second++)
      meter.add(report('reading', second < 30 ? 100 * second : 3000 + 10 * (second - 30)), 1000 * second);
    expect(meter.perSecond).toBeCloseTo(10, 0);
    meter.add(report('scoring', 0), 61_000);
    expect(meter.perSecond).toBeNull();
    meter.add(report('scoring', 7), 62_000);
    expect(meter.perSecond).toBe(7);
  });

  test('does not mind many reports at once', () => {
    const meter = new RateMeter();
    for (let i = 0; i <= 1000; i++) meter.add(report('reading', i), i);
    expect(meter.perSecond).toBeCloseTo(1000, 6);
  });
});

async function makeProject(core: CoreClient, synthetic = 90): Promise<{ project: string; set: string }> {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), synthetic);
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  return { project, set: set.folder };
}

function importOf(
  project: string,
  set: string,
  role: 'real' | 'synthetic' = 'real',
): Task & { kind: 'import' } {
  return {
    kind: 'import',
    input: {
      project,
      by,
      from: join(set, role),
      role,
      source: 'auto',
      batch: null,
      generator: null,
      generatorVersion: null,
      generation: null,
      parents: [],
      classMap: {},
      copy: false,
      strict: false,
      encoding: null,
      model: null,
      device: 'auto',
    },
  };
}

/** Watches until `enough` of a job; gives it as it was then. */
async function watched(
  core: CoreClient,
  project: string | null,
  id: string,
  enough: (job: Job) => boolean,
): Promise<Job> {
  const stop = new AbortController();
  for await (const list of await core.jobs.watch({ project }, { signal: stop.signal })) {
    const job = list.find((each) => each.id === id);
    if (job && enough(job)) return job;
  }
  throw new Error('the list ended');
}

/** Watches until a job of a kind is listed; gives it as it was then. */
async function watchedKind(core: CoreClient, project: string, wanted: Job['kind']): Promise<Job> {
  for await (const list of await core.jobs.watch({ project })) {
    const job = list.find(({ kind }) => kind === wanted);
    if (job) return job;
  }
  throw new Error('the list ended');
}

const hasEnded = ({ state }: Job): boolean => state !== 'running';

describe('a task', () => {
  test('goes on unwatched, and keeps its progress, log and result', async () => {
    const core = startCore();
    const { project, set } = await makeProject(core);
    const started = await core.jobs.start(importOf(project, set));
    expect(started).toMatchObject({ kind: 'import', state: 'running', title: 'Importing real', project, by });
    const job = await watched(core, project, started.id, hasEnded);
    expect(job).toMatchObject({
      state: 'done',
      result: { batch: 'real', added: 72 },
      outcome: { isSound: true },
      error: null,
      progress: { stage: 'reading images', done: 72, total: 72, unit: 'images' },
    });
    expect(job.endedAt! >= job.startedAt).toBe(true);
    expect(job.log.map(({ line }) => line).slice(0, 2)).toEqual([
      'reading images',
      'real: 72 files: 72 images added.',
    ]);
    expect(await core.jobs.get({ job: job.id })).toEqual(job);
    expect(await core.jobs.list({ project: null })).toEqual([job]);

    // Another core, as after a restart, reads it from the project.
    await core.projects.close({ project });
    const later = startCore();
    expect(await later.jobs.list({ project })).toEqual([job]);
    expect(await later.jobs.get({ job: job.id })).toEqual(job);
    await later.jobs.clear({ project });
    expect(await later.jobs.list({ project })).toEqual([]);
    await expect(later.jobs.get({ job: job.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that changes the project is alone in it; decisions and readers are not kept waiting', async () => {
    const core = startCore();
    const { project, set } = await makeProject(core, 300);
    const real = await core.jobs.start(importOf(project, set));
    await expect(
      core.jobs.start({
        kind: 'score',
        input: { project, by, model: null, classifier: null, device: 'auto', seed: 1 },
      }),
    ).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('Importing real'),
    });
    await watched(core, project, real.id, hasEnded);
    const batch = await core.jobs.start(importOf(project, set, 'synthetic'));
    const sha256 = (
      await core.images.rows({
        project,
        view: (await core.images.query({ project })).view,
        offset: 0,
        limit: 1,
      })
    )[0]!.sha256;
    await core.reviews.decide({
      project,
      by: 'Iris',
      context: { kind: 'explore' },
      decisions: [{ sha256, verdict: 'accept' }],
    });
    const check = await core.jobs.start({ kind: 'verify', input: { project, originals: true, head: null } });
    expect((await core.jobs.get({ job: batch.id })).state).toBe('running');
    // A window that leaves does not take the project away from the task.
    await core.projects.close({ project });
    expect(await watched(core, project, check.id, hasEnded)).toMatchObject({
      state: 'done',
      result: { ok: true },
    });
    expect(await watched(core, project, batch.id, hasEnded)).toMatchObject({ state: 'done' });
    expect(await core.projects.status({ project })).toMatchObject({ decisions: { accept: 1 } });
  });

  test('that is cancelled says so, and goes on when it is started again', async () => {
    const core = startCore();
    const { project, set } = await makeProject(core, 600);
    const task = importOf(project, set, 'synthetic');
    const first = await core.jobs.start(task);
    await watched(core, project, first.id, ({ progress }) => (progress?.done ?? 0) > 0);
    const cancelled = await core.jobs.cancel({ job: first.id });
    expect(cancelled).toMatchObject({ state: 'cancelled', error: { code: 'CANCELLED' }, result: null });
    expect(await core.jobs.cancel({ job: first.id })).toEqual(cancelled);
    const second = await core.jobs.start(task);
    const done = await watched(core, project, second.id, hasEnded);
    const { added, unchanged } = done.result as { added: number; unchanged: number };
    expect(unchanged).toBeGreaterThan(0);
    expect(added + unchanged).toBeGreaterThan(600);
    expect((await core.jobs.list({ project })).map(({ state }) => state)).toEqual(['done', 'cancelled']);
  });

  test('that fails keeps the code and the sentence', async () => {
    const core = startCore();
    const { project, set } = await makeProject(core);
    const started = await core.jobs.start(importOf(project, join(set, 'not there')));
    expect(await watched(core, project, started.id, hasEnded)).toMatchObject({
      state: 'failed',
      error: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('not there') },
    });
    await expect(core.jobs.start(importOf(join(set, 'nowhere'), set))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const set2 = await core.jobs.start({ kind: 'sample-set', input: { to: set, seed: 1, synthetic: null } });
    expect(await watched(core, null, set2.id, hasEnded)).toMatchObject({
      project: null,
      state: 'failed',
      error: { code: 'ALREADY_EXISTS' },
    });
  });
});

test('after a core that was killed the list says what was interrupted, and the task can be started again', async () => {
  const core = startCore();
  const { project, set } = await makeProject(core, 600);
  await core.projects.close({ project });
  const task = importOf(project, set, 'synthetic');
  const script = `
    const { Workbench } = await import('./core/handlers/workbench.ts');
    new Workbench().jobs.start(${JSON.stringify(task)});
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: REPOSITORY,
    stdio: 'inherit',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const reader = (): Store => openStore(join(project, 'project.db'), 'read');
  for (let images = 0; images === 0; await sleep(50)) {
    const store = reader();
    images = store.explore.images();
    store.close();
  }
  // While it lives, another core sees it run.
  const [seen] = await core.jobs.list({ project });
  expect(seen).toMatchObject({ state: 'running', kind: 'import' });
  child.kill('SIGKILL');
  await once(child, 'exit');

  await core.projects.open({ project });
  const [interrupted] = await core.jobs.list({ project });
  expect(interrupted).toMatchObject({ id: seen!.id, state: 'interrupted', task });
  const again = await core.jobs.start(interrupted!.task!);
  const done = await watched(core, project, again.id, hasEnded);
  expect(done).toMatchObject({ state: 'done' });
  expect((done.result as { unchanged: number }).unchanged).toBeGreaterThan(0);
  expect((await runTask(core, 'verify', { project })).ok).toBe(true);
});

test('what another process runs is listed while it runs, and afterwards, and is cancelled only there', async () => {
  const core = startCore();
  const { project, set } = await makeProject(core, 600);
  await runTask(core, 'import', { ...importOf(project, set).input });
  // This core has the project open for writing, so the other one can only read, as a command does beside a window.
  await core.projects.open({ project });
  const child = runningLayout(project);
  const exited = once(child, 'exit');
  const found = await watchedKind(core, project, 'layout');
  expect(found).toMatchObject({ state: 'running', isElsewhere: true, task: null });
  await expect(core.jobs.cancel({ job: found.id })).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringContaining('another process'),
  });
  child.send('stop');
  const end = await watched(core, project, found.id, hasEnded);
  // It may have come to its end before it heard.
  expect(end).toMatchObject({ state: expect.stringMatching(/cancelled|done/), isElsewhere: true });
  expect(await core.jobs.get({ job: found.id })).toEqual(end);
  await exited;
  await core.jobs.clear({ project });
  expect(await core.jobs.list({ project })).toEqual([]);
});

/** A core of another process that draws maps of a project, one after the other, until it is told to stop. */
function runningLayout(project: string): ChildProcess {
  const script = `
    const { Workbench } = await import('./core/handlers/workbench.ts');
    const workbench = new Workbench();
    const stop = new AbortController();
    process.on('message', () => stop.abort());
    const task = { kind: 'layout', input: { project: ${JSON.stringify(project)}, layout: 'umap', seed: 1 } };
    try {
      for (;;) for await (const _ of workbench.jobs.run(task, stop.signal));
    } catch {
      await workbench.shutDown();
      process.exit();
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('one measurement asked for twice is one job, goes on when nobody waits, and is there the next time', async () => {
  const core = startCore();
  const { folder: empty } = await core.projects.create({ project: join(temporaryFolder(), 'p'), by });
  await expect(
    followTask(core, 'report', { project: empty, batch: null, against: null }),
  ).rejects.toMatchObject({ code: 'NOT_READY' });
  const { project } = await copyScored(join(temporaryFolder(), 'p'), 90);
  const input = { project, batch: null, against: null };
  const left = new AbortController();
  const waiting = followTask(core, 'report', input, { signal: left.signal });
  const running = async () =>
    (await core.jobs.list({ project })).filter(({ kind, state }) => kind === 'report' && state === 'running');
  await expect.poll(running, { timeout: 20_000 }).toHaveLength(1);
  const second = followTask(core, 'report', input);
  left.abort();
  await expect(waiting).rejects.toThrow();
  expect(await running()).toHaveLength(1);
  expect((await second).report.batch).toBe('synthetic');
  await expect.poll(running).toEqual([]);
});

test('the sample project is made in one go, resumes, and is simply there the next time', async () => {
  const core = startCore();
  const folder = temporaryFolder();
  const project = join(folder, 'sample.assay');
  // A small set in the place of the rendered one: rendering has tests of its own.
  await writeDataset(join(folder, 'assay-sample'), 60);
  writeFileSync(join(folder, 'assay-sample', 'answers.csv'), '');
  const task: Task = { kind: 'sample-project', input: { project, by } };
  const first = await core.jobs.start(task);
  await watched(
    core,
    null,
    first.id,
    ({ progress }) => progress?.stage === 'scoring' || progress?.stage.endsWith('synthetic') === true,
  );
  expect(await core.jobs.cancel({ job: first.id })).toMatchObject({ state: 'cancelled' });
  const second = await core.jobs.start(task);
  const done = await watched(core, project, second.id, hasEnded);
  expect(done).toMatchObject({ state: 'done', result: { project }, project });
  const stages = done.log.map(({ line }) => line);
  expect(stages).toContain('scoring');
  const status = await core.projects.status({ project });
  expect(status.batches.map(({ name }) => name)).toEqual(['real', 'holdout', 'synthetic']);
  expect(status.queue!.items).toBeGreaterThan(0);
  expect(existsSync(join(project, 'maps', 'pca.bin'))).toBe(true);
  const { head } = status;
  const third = await core.jobs.start(task);
  expect(await watched(core, project, third.id, hasEnded)).toMatchObject({ state: 'done' });
  expect((await core.projects.status({ project })).head).toBe(head);
  expect(readFileSync(join(project, 'maps', 'pca.bin')).length).toBeGreaterThan(0);
});

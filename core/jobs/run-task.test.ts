import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TASKS, type TaskKind, type TaskResult } from '../../rpc/contract/jobs.ts';
import { ERRORS, errorCode } from '../../rpc/errors.ts';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';
import { connectPort } from '../../rpc/transport/port.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { serveCore } from '../handlers/serve-core.ts';
import { router } from '../handlers/index.ts';
import { Workbench } from '../handlers/workbench.ts';

const by = 'Mara';

function inProcess(): CoreClient {
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  return connectInProcess(router, { workbench });
}

function overPort(): CoreClient {
  const served = serveCore();
  const { port1, port2 } = new MessageChannel();
  served.connect(port2);
  const connection = connectPort(port1);
  onTestFinished(async () => {
    connection.close();
    await served.end();
  });
  return connection.core;
}

async function makeProject(core: CoreClient, synthetic: number) {
  const folder = temporaryFolder();
  const set = (await writeDataset(join(folder, 'set'), synthetic)).folder;
  const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
  return { folder, set, project };
}

describe.each([
  ['in process', inProcess],
  ['over a port', overPort],
])('a task that is waited for, %s', (_, connect) => {
  test('reports about ten times a second, is listed while it runs, and leaves no result on the list', async () => {
    const core = connect();
    const { set, project } = await makeProject(core, 300);
    const seen: number[] = [];
    let listed: Promise<[TaskKind, string][]> | undefined;
    const startedMs = performance.now();
    const result = await runTask(
      core,
      'import',
      { project, by, from: join(set, 'synthetic'), role: 'synthetic' },
      {
        report({ done }) {
          seen.push(done);
          listed ??= core.jobs
            .list({ project })
            .then((jobs) => jobs.map(({ kind, state }) => [kind, state] as [TaskKind, string]));
        },
      },
    );
    expect(result.added + result.broken.length).toBe(306);
    expect(seen.at(-1)).toBe(306);
    expect(seen.length).toBeLessThan(3 + (performance.now() - startedMs) / 90);
    expect(await listed).toEqual([['import', 'running']]);
    // One that took over a second may have been seen by others, who see how it ended.
    for (const job of await core.jobs.list({ project }))
      expect(job).toMatchObject({ kind: 'import', state: 'done', result: null });
  });

  test('ends as CANCELLED when its client aborts, and when it is cancelled on the list', async () => {
    const core = connect();
    const { set, project } = await makeProject(core, 300);
    const input = { project, by, from: join(set, 'synthetic'), role: 'synthetic' as const };
    const stop = new AbortController();
    await expect(
      runTask(core, 'import', input, { signal: stop.signal, report: () => stop.abort() }),
    ).rejects.toMatchObject({ code: 'CANCELLED', status: ERRORS.CANCELLED.status });
    // The stream's client is told at once; the task ends as soon as what it is doing allows.
    // It sleeps in between: in one process, calls alone would keep all else from happening.
    const running = async () =>
      (await core.jobs.list({ project })).filter(({ state }) => state === 'running');
    await expect.poll(running, { interval: 20 }).toEqual([]);
    let cancelled: Promise<unknown> | undefined;
    const report = (): void => {
      cancelled ??= core.jobs.list({ project }).then(([job]) => core.jobs.cancel({ job: job!.id }));
    };
    await expect(runTask(core, 'import', input, { report })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  });

  test('is refused beside another that changes the project, naming that one', async () => {
    const core = connect();
    const { set, project, folder } = await makeProject(core, 300);
    const input = { project, by, from: join(set, 'synthetic'), role: 'synthetic' as const };
    const { id } = await core.jobs.start({ kind: 'import', input });
    const to = join(folder, 'release');
    await expect(
      runTask(core, 'release', { project, by, format: 'jsonl', to, undecided: 'in' }),
    ).rejects.toMatchObject({ code: 'NOT_READY', message: expect.stringContaining('“Importing synthetic”') });
    await core.jobs.cancel({ job: id });
  });

  test.each([
    ['an input that breaks the contract', 'INVALID_INPUT', { role: 'trained' }],
    ['a project that is not there', 'NOT_FOUND', { project: '/nowhere/p' }],
    ['a source that cannot be read', 'SOURCE_UNREADABLE', { from: '/nowhere' }],
    ['a model that is not there', 'NOT_FOUND', { model: 'no-such-model' }],
  ])('fails with the code of %s', async (_what, code, wrong) => {
    const core = connect();
    const { set, project } = await makeProject(core, 10);
    const input = { project, by, from: join(set, 'real'), role: 'real' as const, ...wrong };
    const failure = await runTask(core, 'import', input as never).catch((error: unknown) => error);
    expect(errorCode(failure)).toBe(code);
  });
});

test('every kind of task runs through the one path, over a port', { timeout: 240_000 }, async () => {
  const core = overPort();
  const { folder, set, project } = await makeProject(core, 90);
  const results: Partial<Record<TaskKind, unknown>> = {};
  const titles = new Set<string>();
  const run = async <K extends TaskKind>(
    kind: K,
    input: Parameters<typeof runTask<K>>[2],
  ): Promise<TaskResult<K>> => {
    const result = await runTask(core, kind, input);
    results[kind] = result;
    return result;
  };
  const watching = new AbortController();
  const watched = (async () => {
    for await (const jobs of await core.jobs.watch({ project: null }, { signal: watching.signal }))
      for (const { title } of jobs) titles.add(title);
  })().catch(() => {});

  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await run('import', { project, by, from: join(set, role), role });
  expect(await run('embed', { project, by, model: 'patch256' })).toMatchObject({ model: 'patch256 1.0.0' });
  expect(await run('score', { project, by })).toMatchObject({ run: 1 });
  expect(await run('queue', { project, by, budget: { items: 20 } })).toMatchObject({ queue: 1, items: 20 });
  const { items } = await core.queue.show({ project });
  const decisions = items.slice(0, 6).map(({ sha256 }) => ({ sha256, verdict: 'accept' as const }));
  expect(await run('decide', { project, by, context: { kind: 'command' }, decisions })).toMatchObject({
    applied: 6,
  });
  expect(await run('rerank', { project, by })).toMatchObject({ decisions: 6 });
  const out = await run('handout', { project, by, to: ['r1'], most: 2, folder: join(folder, 'out') });
  expect(out.handouts).toMatchObject([{ reviewer: 'r1', items: 2 }]);
  // What was handed out is no answer yet.
  const files = out.handouts.map(({ file }) => file);
  expect(await run('collect', { project, by, files })).toMatchObject({
    files: [{ taken: 0, refused: expect.any(String) }],
  });
  const { view, total } = await core.images.query({ project, filter: { roles: ['synthetic'] } });
  const bulk = { project, by, view, verdict: 'accept' as const };
  await expect(runTask(core, 'decide-view', { ...bulk, expected: total + 1 })).rejects.toMatchObject({
    code: 'DECISION_REFUSED',
  });
  // The copy of a seed image would be left out of a release.
  const applied = total - 1;
  expect(await run('decide-view', { ...bulk, expected: total })).toMatchObject({ applied, keptOut: 1 });
  expect(await run('undo', { project, by })).toMatchObject({ applied, queue: null });
  await run('decide-view', { ...bulk, expected: total });
  const tag = { project, by, tag: 'glare' };
  expect(await run('tag', { ...tag, images: [items[0]!.sha256] })).toMatchObject({ applied: 1 });
  expect(await run('tag-view', { ...tag, view, expected: total })).toMatchObject({ applied: total - 1 });
  const { seq } = await run('tag-view', { ...tag, off: true, view, expected: total });
  expect(await run('undo-tag', { project, by, seq })).toEqual({ tag: 'glare', applied: total, seq: seq + 1 });
  const to = join(folder, 'release');
  expect(await run('release', { project, by, format: 'cvat', to, undecided: 'in' })).toMatchObject({
    folder: to,
  });
  expect(await run('redrawn', { project, by, from: to })).toMatchObject({ changed: 0, notTaken: [] });
  expect(await run('verify-release', { release: to })).toMatchObject({ ok: true, own: true });
  expect(await run('layout', { project, layout: 'pca' })).toMatchObject({ layout: 'pca' });
  expect((await run('report', { project, also: 'page' })).page).toContain('<h1>Batch report: synthetic</h1>');
  expect((await run('watch', { project })).points).toHaveLength(1);
  const written = await run('dossier', { project, by, to: join(folder, 'dossier.html') });
  expect(createHash('sha256').update(readFileSync(written.file)).digest('hex')).toBe(written.sha256);
  expect(await run('verify', { project })).toMatchObject({ ok: true, runs: 1, releases: 1 });
  const mix = join(folder, 'mix');
  expect(await run('mix', { project, by, to: mix, batchSize: 8, realShare: 1 })).toMatchObject({
    folder: mix,
  });
  // What it finds is tested in core/strategy/experiment/.
  const grid = { project, by, ratios: [0.8], sizes: [1], draws: 200, margin: 0.5 };
  expect(await run('experiment', { ...grid, learners: ['logistic'] })).toMatchObject({ id: 1 });
  const plan = await core.plans.setTarget({ project, by, target: { kind: 'experiment' } });
  expect(plan.target).toEqual({ kind: 'experiment', experiment: 1 });
  expect(plan.notes[0]).toContain('experiment 1, by the logistic regression on');
  const sets = join(folder, 'sets');
  expect(await run('experiment-export', { ...grid, to: sets })).toMatchObject({ folder: sets });
  const none = { project, by, sets, predictions: join(folder, 'none.csv'), name: 'own' };
  results['experiment-add'] = await runTask(core, 'experiment-add', none).catch(errorCode);
  expect(results['experiment-add']).toBe('NOT_FOUND');
  // What it proves is tested in core/strategy/mix/.
  results['check-batches'] = await runTask(core, 'check-batches', { logs: [join(folder, 'none')] }).catch(
    errorCode,
  );
  expect(results['check-batches']).toBe('NOT_FOUND');
  // Rendering is tested in sample/: here the task only has to be reached.
  results['sample-set'] = await runTask(core, 'sample-set', { to: folder, synthetic: 1 }).catch(errorCode);
  expect(results['sample-set']).toBe('INVALID_INPUT');
  // Making it is tested in registry.test.ts: a project with a queue is simply there.
  expect(await run('sample-project', { project, by })).toEqual({ project });

  expect(Object.keys(results).sort()).toEqual(Object.keys(TASKS).sort());
  watching.abort();
  await watched;
  expect([...titles]).toEqual(expect.arrayContaining(['Importing real', 'Scoring every image']));
});

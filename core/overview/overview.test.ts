import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { REPOSITORY, temporaryFolder } from '../../test/support/folders.ts';
import { answerItems } from '../../test/support/reviewable.ts';

const by = 'Mara';

test('follows a project from nothing to a release', async () => {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 60);
  const core = startCore();
  const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by });
  const look = async () => {
    const overview = await core.projects.overview({ project });
    return { ...overview, kinds: overview.attention.map(({ kind }) => kind) };
  };

  const empty = await look();
  expect(empty.funnel).toEqual({ imported: 0, filtered: 0, queued: 0, reviewed: 0, verified: 0 });
  expect(empty.kinds).toEqual(['import-seed', 'import-batch']);

  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
  const imported = await look();
  expect(imported.kinds).toEqual(['score', 'leaks', 'broken']);
  expect(imported.attention[0]!.count).toBe(imported.funnel.imported);
  expect(imported.batches.map(({ name, images, broken }) => [name, images, broken])).toEqual([
    ['real', 72, 0],
    ['holdout', 18, 0],
    ['synthetic', 61, 3],
  ]);
  expect(imported.batches[2]!.flagged).toEqual({ broken: 3, 'holdout-leak': 1, 'exact-duplicate': 1 });

  await runTask(core, 'score', { project, by });
  const scored = await look();
  expect(scored.kinds[0]).toBe('make-queue');
  expect(scored.funnel.filtered).toBe(scored.funnel.imported - 1);
  const all = scored.batches.flatMap(({ distributions }) => distributions);
  for (const score of ['self-confidence', 'blurry']) {
    const own = all.filter((each) => each.score === score);
    expect(own).toHaveLength(3);
    expect(own.every(({ min, max }) => min === own[0]!.min && max === own[0]!.max)).toBe(true);
    const wanted = await core.images.histogram({ project, score, bins: 20 });
    expect(wanted.counts).toEqual(
      wanted.counts.map((_, i) => own.reduce((sum, { counts }) => sum + counts[i]!, 0)),
    );
  }

  await runTask(core, 'queue', { project, by, budget: { items: 12 } });
  const queued = await look();
  expect(queued.kinds[0]).toBe('review');
  expect(queued.funnel.queued).toBe(queued.attention[0]!.count);
  expect(queued.batches.find(({ name }) => name === 'synthetic')!.queued).toBe(queued.funnel.queued);

  const { items } = await core.queue.show({ project });
  const ranked = items.filter(({ stratum }) => stratum !== 'audit');
  await answerItems(
    core,
    { project, by },
    ranked.map(({ sha256 }, i) =>
      i === 0 ? { sha256, verdict: 'reject', reason: 'no' } : { sha256, verdict: 'accept' },
    ),
  );
  const half = await look();
  expect(half.kinds.slice(0, 2)).toEqual(['review', 'audit']);
  expect(half.batches.find(({ name }) => name === 'synthetic')).toMatchObject({
    reviewed: half.funnel.reviewed,
    changed: 1,
  });

  const open = items.filter(({ stratum }) => stratum === 'audit');
  await answerItems(
    core,
    { project, by },
    open.map(({ sha256 }) => ({ sha256, verdict: 'accept' })),
  );
  const done = await look();
  expect(done.funnel.reviewed).toBe(done.funnel.queued);
  expect(done.kinds).toContain('export');
  expect(done.kinds).not.toContain('review');
  await runTask(core, 'release', {
    project,
    by,
    format: 'jsonl',
    to: join(folder, 'release'),
    undecided: 'in',
  });
  expect((await look()).kinds).not.toContain('export');
});

test('a project held by another writer opens for reading, and names the holder', async () => {
  const folder = temporaryFolder();
  const script = `
    const { Project } = await import('./core/project/project.ts');
    Project.create(${JSON.stringify(join(folder, 'p'))}, 'Mara');
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const core = startCore();
  const project = join(folder, 'p.assay');
  const opened = await core.projects.open({ project });
  expect(opened).toMatchObject({ folder: project, name: 'p', writable: false, classes: [] });
  expect(opened.holder).toContain(String(child.pid));
  expect(opened.key).toMatch(/^[0-9a-f]{16}$/);
  // A refused act leaves the reader open.
  await expect(core.reviews.undo({ project, by })).rejects.toMatchObject({ code: 'PROJECT_LOCKED' });
  expect((await core.projects.overview({ project })).funnel.imported).toBe(0);
  expect((await core.settings.recent())[0]).toMatchObject({ folder: project, name: 'p', exists: true });

  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await core.projects.open({ project })).toMatchObject({
    writable: true,
    holder: null,
    key: opened.key,
  });
});

import { importSentence, type ImportSummary } from '../../rpc/contract/imports.ts';
import type { Overview } from '../../rpc/contract/projects.ts';
import { RULES, SETTLING_RULES } from '../../rpc/contract/terms.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { COUNT_WORDS } from '../../rpc/contract/counts.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { REPOSITORY, temporaryFolder } from '../../test/support/folders.ts';
import { answerItems } from '../../test/support/reviewable.ts';

const by = 'Mara';

/** Every count follows from others by its definition. */
function addsUp({ status, batches }: Pick<Overview, 'status' | 'batches'>): void {
  const { counts, images, flagged, duplicates } = status;
  expect(counts.files).toBe(counts.images + counts.duplicates + counts.broken);
  const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
  const inBatches = (of: (batch: Overview['batches'][number]) => number): number => sum(batches.map(of));
  expect(counts.images).toBe(sum(Object.values(images)));
  expect(counts).toMatchObject({
    files: inBatches((batch) => batch.files),
    images: inBatches((batch) => batch.images),
    broken: inBatches((batch) => batch.broken),
    duplicates: inBatches((batch) => sum(Object.values(batch.duplicates))),
    queued: inBatches((batch) => batch.queued),
    answered: inBatches((batch) => batch.reviewed),
  });
  expect(sum(Object.values(duplicates))).toBe(counts.duplicates);
  for (const rule of RULES) expect(inBatches((batch) => batch.flagged[rule] ?? 0)).toBe(flagged[rule]);
  expect(counts.keptOut).toBeLessThanOrEqual(sum(SETTLING_RULES.map((rule) => flagged[rule])));
  expect(counts.candidates).toBeLessThanOrEqual(images.synthetic);
  expect(counts.answered).toBeLessThanOrEqual(counts.queued);
  expect(counts.answered).toBeLessThanOrEqual(counts.decided);
}

test('follows a project from nothing to a release', { timeout: 240_000 }, async () => {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 60);
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  const look = async () => {
    const overview = await core.projects.overview({ project });
    return { ...overview, kinds: overview.attention.map(({ kind }) => kind) };
  };

  const summaries: ImportSummary[] = [];
  const empty = await look();
  expect(Object.values(empty.status.counts)).toEqual(Object.keys(COUNT_WORDS).map(() => 0));
  expect(empty.kinds).toEqual(['import-seed', 'import-batch']);

  for (const role of ['real', 'holdout', 'synthetic'] as const)
    summaries.push(await runTask(core, 'import', { project, by, from: join(set.folder, role), role }));
  const imported = await look();
  addsUp(imported);
  // What each import says of its files is what the project counts.
  const inAll = (of: (summary: ImportSummary) => number): number =>
    summaries.reduce((sum, summary) => sum + of(summary), 0);
  expect(imported.status.counts).toMatchObject({
    files: inAll(({ added, broken }) => added + broken.length),
    images: inAll(({ added, duplicates }) => added - duplicates),
    duplicates: inAll(({ duplicates }) => duplicates),
    broken: inAll(({ broken }) => broken.length),
  });
  expect(summaries.map(importSentence)).toEqual([
    '72 files: 72 images added',
    '18 files: 18 images added',
    '66 files: 61 images added, 2 duplicate files, 3 broken files',
  ]);
  expect(imported.kinds).toEqual(['score', 'leaks', 'broken']);
  expect(imported.attention[0]!.count).toBe(imported.status.counts.images);
  expect(imported.batches.map(({ name, images, broken }) => [name, images, broken])).toEqual([
    ['real', 72, 0],
    ['holdout', 18, 0],
    ['synthetic', 61, 3],
  ]);
  expect(imported.batches[2]!.flagged).toEqual({ broken: 3 });
  expect(imported.batches[2]!.duplicates).toEqual({ 'holdout-leak': 1, 'exact-duplicate': 1 });

  await runTask(core, 'score', { project, by });
  const scored = await look();
  addsUp(scored);
  // A rule finds the same images in the overview and in Explore; duplicate files are no images, and are counted apart.
  const { flags } = await core.images.facets({ project });
  for (const rule of RULES) expect(flags[rule]).toBe(scored.status.flagged[rule]);
  expect(scored.kinds[0]).toBe('make-queue');
  expect(scored.status.counts.keptOut).toBe(1);
  const all = scored.batches.flatMap(({ distributions }) => distributions);
  for (const score of ['self-confidence', 'blurry']) {
    const own = all.filter((each) => each.score === score);
    expect(own).toHaveLength(3);
    expect(own.every(({ min, max }) => min === own[0]!.min && max === own[0]!.max)).toBe(true);
    const wanted = await core.images.histogram({ project, score, bins: 20 });
    expect(wanted.whole).toEqual(
      wanted.whole.map((_, i) => own.reduce((sum, { counts }) => sum + counts[i]!, 0)),
    );
  }

  await runTask(core, 'queue', { project, by, budget: { items: 12 } });
  const queued = await look();
  expect(queued.kinds[0]).toBe('review');
  expect(queued.status.counts.queued).toBe(queued.attention[0]!.count);
  expect(queued.batches.find(({ name }) => name === 'synthetic')!.queued).toBe(queued.status.counts.queued);

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
  addsUp(half);
  expect(half.kinds.slice(0, 2)).toEqual(['review', 'audit']);
  expect(half.batches.find(({ name }) => name === 'synthetic')).toMatchObject({
    reviewed: half.status.counts.answered,
    changed: 1,
  });

  const open = items.filter(({ stratum }) => stratum === 'audit');
  await answerItems(
    core,
    { project, by },
    open.map(({ sha256 }) => ({ sha256, verdict: 'accept' })),
  );
  const done = await look();
  addsUp(done);
  expect(done.status.counts.answered).toBe(done.status.counts.queued);
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

test(
  'a project held by another writer opens for reading, and names the holder',
  { timeout: 240_000 },
  async () => {
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
    expect(opened.readOnly).toContain(String(child.pid));
    expect(opened.key).toMatch(/^[0-9a-f]{16}$/);
    // A refused act leaves the reader open.
    await expect(core.reviews.undo({ project, by })).rejects.toMatchObject({ code: 'PROJECT_LOCKED' });
    expect((await core.projects.overview({ project })).status.counts.images).toBe(0);
    expect((await core.settings.recent())[0]).toMatchObject({ folder: project, name: 'p', exists: true });

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await core.projects.open({ project })).toMatchObject({
      writable: true,
      readOnly: null,
      key: opened.key,
    });
  },
);

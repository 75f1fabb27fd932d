import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchReport } from '../../rpc/contract/reports.ts';
import { errorCode } from '../../rpc/errors.ts';
import { runTask } from '../../rpc/run-task.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { connectInProcess } from '../../rpc/transport/inproc.ts';
import { router } from '../handlers/index.ts';
import { Workbench } from '../handlers/workbench.ts';
import { answerItems } from '../../test/support/reviewable.ts';

const by = 'ada';
const REAL = 72;

describe('reports on a project', { timeout: 180_000 }, () => {
  const workbench = new Workbench();
  const core = connectInProcess(router, { workbench });
  const home = mkdtempSync(join(tmpdir(), 'assay-reports-'));
  afterAll(async () => {
    await workbench.shutDown();
    rmSync(home, { recursive: true, force: true });
  });
  let project: string;
  let report: BatchReport;
  let unscored: unknown;
  beforeAll(async () => {
    const set = await writeDataset(join(home, 'set'), 40);
    const more = await writeDataset(join(home, 'more'), 90);
    ({ folder: project } = await core.projects.create({
      project: join(home, 'parts'),
      by,
      model: 'patch256',
    }));
    const load = (from: string, role: 'real' | 'holdout' | 'synthetic', batch: string, generation?: number) =>
      runTask(core, 'import', { project, by, from, role, batch, generation });
    await load(join(set.folder, 'real'), 'real', 'real');
    await load(join(set.folder, 'holdout'), 'holdout', 'holdout');
    // Imported in the wrong order: generations decide.
    await load(join(set.folder, 'synthetic'), 'synthetic', 'second', 2);
    unscored = await runTask(core, 'report', { project }).catch(errorCode);
    await load(join(more.folder, 'synthetic'), 'synthetic', 'first', 1);
    await runTask(core, 'score', { project, by });
    ({ report } = await runTask(core, 'report', { project }));
  }, 180_000);

  test('before a run there is nothing to measure with', () => {
    expect(unscored).toBe('NOT_READY');
  });

  test('the newest generation is measured beside the one before it', () => {
    expect(report).toMatchObject({ batch: 'second', generation: 2, drift: { previous: 'first' } });
    expect(report.real).toBe(REAL);
    expect(report.measures.filter(({ value }) => value !== null).length).toBeGreaterThan(10);
    expect(report.verdict.headline).not.toBe('');
    expect(report.plan.map(({ name }) => name).sort()).toEqual(
      report.classes.flatMap(({ name }) => name ?? []).sort(),
    );
  });

  test('what was measured is read the next time; a batch that is not there is named', async () => {
    const stages: string[] = [];
    const again = await runTask(core, 'report', { project }, { report: ({ stage }) => stages.push(stage) });
    expect(again).toEqual({ report, page: null, files: [] });
    expect(stages).toEqual([]);
    await expect(runTask(core, 'report', { project, batch: 'gone' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('first, second'),
    });
    await expect(runTask(core, 'report', { project, batch: 'real' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('every batch is a point, with the mix up to it and what people decided', async () => {
    const before = await core.watch.show({ project });
    expect(before.points.map(({ batch }) => batch)).toEqual(['first', 'second']);
    expect(before.points[1]!.mix.synthetic).toBeGreaterThan(before.points[0]!.mix.synthetic);
    expect(before.points[1]!.values).toHaveLength(before.measures.length);
    expect(before.holdout).toHaveLength(1);
    await runTask(core, 'queue', { project, by, budget: { items: 6 } });
    const { items } = await core.queue.show({ project });
    await answerItems(
      core,
      { project, by },
      items.slice(0, 4).map(({ sha256 }) => ({ sha256, verdict: 'reject' as const, reason: 'artefact' })),
    );
    const after = await core.watch.show({ project });
    expect(after.points.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(4);
    expect(after.points[1]!.mix.synthetic).toBe(before.points[1]!.mix.synthetic - 4);
    expect(after.points[1]!.mix.share!).toBeGreaterThan(before.points[1]!.mix.share!);
  });

  test('it is saved as a page that needs nothing else and as JSON', async () => {
    const { files } = await runTask(core, 'report', { project, also: 'files' });
    expect(files).toEqual([join(project, 'reports', 'second.html'), join(project, 'reports', 'second.json')]);
    expect(files.every((path) => existsSync(path))).toBe(true);
    expect(JSON.parse(readFileSync(files[1]!, 'utf8'))).toMatchObject({ batch: 'second' });
    const page = readFileSync(files[0]!, 'utf8');
    expect(page).toContain('<h1>Batch report: second</h1>');
    expect(page).not.toMatch(/<script|https?:\/\/|src="(?!data:)/);
    const pictures = report.memorised.length + report.clusters.missing.length;
    expect(page.includes('src="data:image/webp;base64,')).toBe(pictures > 0);
  });

  test('the watch reads what was measured, and says what was not', async () => {
    const shown = await core.watch.show({ project });
    // The report measured the newest and the one before it.
    expect(shown.standing).toEqual({
      batches: 2,
      measured: 2,
      unmeasured: [],
      alarm: null,
      sentence: 'No alarm can be raised before the third batch; 2 are measured.',
    });
    expect((await core.projects.status({ project })).watch).toEqual(shown.standing);
    const { vanishing, frequent } = shown.newest!;
    expect(vanishing.of).toBe(REAL);
    expect(vanishing.images).toBeGreaterThanOrEqual(vanishing.rare);
    expect(vanishing.shown).toHaveLength(Math.min(24, vanishing.images));
    for (const { generated, real } of frequent) expect(generated).toBeGreaterThan(real);
    const { folder } = await writeDataset(join(home, 'last'), 120);
    const from = join(folder, 'synthetic');
    await runTask(core, 'import', { project, by, from, role: 'synthetic', batch: 'third', generation: 3 });
    const { watch } = await core.projects.status({ project });
    expect(watch).toMatchObject({ batches: 3, measured: 2, unmeasured: ['third'] });
    const { attention } = await core.projects.overview({ project });
    expect(attention.find(({ kind }) => kind === 'measure')).toMatchObject({ count: 1 });
    expect((await core.watch.show({ project })).points.at(-1)).toMatchObject({
      batch: 'third',
      values: [],
      why: 'not measured yet',
    });
    // Another run with the same embedder changes no measurement.
    await runTask(core, 'score', { project, by });
    expect((await core.projects.status({ project })).watch).toEqual(watch);
    const measured = await runTask(core, 'watch', { project });
    expect(measured.standing).toMatchObject({ measured: 3, unmeasured: [] });
    expect(await core.watch.show({ project })).toEqual(measured);
  });
});

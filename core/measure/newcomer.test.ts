import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ImageFilter } from '../../rpc/contract/images.ts';
import { QueueInput } from '../../rpc/contract/queue.ts';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess } from '../../rpc/transport/inproc.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { misses, readGolden } from '../../test/support/score-goldens.ts';
import { collect } from '../base/registry.ts';
import { router } from '../handlers/index.ts';
import { Workbench } from '../handlers/workbench.ts';
import { makeQueue } from '../queue/make-queue.ts';
import type { FactProvider } from './facts/define.ts';
import { providers } from './facts/registry.ts';
import type { FactScore } from './scores/define.ts';
import { scores } from './scores/registry.ts';

// What a newcomer adds: a score on known facts (one file and its golden), and one on a new fact (a file more).
const TOYS = new URL('../../test/support/newcomer/', import.meta.url);
const toyFacts = await collect<FactProvider>(new URL('facts/', TOYS));
const toyScores = await collect<FactScore>(new URL('scores/', TOYS));
const by = 'ada';

function addToys(): void {
  for (const [id, provider] of toyFacts) providers.set(id, provider);
  for (const [id, score] of toyScores) scores.set(id, score);
}
function removeToys(): void {
  for (const id of toyFacts.keys()) providers.delete(id);
  for (const id of toyScores.keys()) scores.delete(id);
}
afterEach(removeToys);

test('the scores of a newcomer have goldens like any other', () => {
  addToys();
  expect([...toyScores.keys()].sort()).toEqual(['newcomer-blue', 'newcomer-glare']);
  for (const score of toyScores.values()) {
    const { cases, tolerance } = readGolden(new URL('goldens/', TOYS), score.id);
    expect(cases.flatMap((golden) => misses(score, golden, tolerance))).toEqual([]);
  }
});

test('reach the database, the list, the filters and the queue, and outlive themselves in their projects', async () => {
  addToys();
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 30);
  const workbench = new Workbench();
  const core = connectInProcess(router, { workbench });
  try {
    const { folder: project } = await core.projects.create({ project: join(folder, 'toy'), by });
    for (const role of ['real', 'holdout', 'synthetic'] as const)
      await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
    const { run, images } = await runTask(core, 'score', { project, by });
    const { store } = workbench.open(project, 'read');
    const valuesOf = (id: string): Map<number, number> =>
      new Map([...store.scores.column(run, id)].map(({ imageId, value }) => [imageId, value]));

    expect(valuesOf('newcomer-glare').size).toBe(images);
    const blue = valuesOf('newcomer-blue');
    expect(blue.size).toBe(images);
    const bluest = Math.max(...blue.values());
    expect((await core.scores.list()).map(({ id }) => id)).toEqual(
      expect.arrayContaining([...toyScores.keys()]),
    );

    const sort = { by: 'newcomer-blue', order: 'descending' } as const;
    const filter: ImageFilter = { scores: { 'newcomer-blue': [0.4, null] } };
    const { view, total } = await core.images.query({ project, filter, sort });
    expect(total).toBe([...blue.values()].filter((value) => value >= 0.4).length);
    expect(total).toBeGreaterThan(0);
    expect((await core.images.rows({ project, view, offset: 0, limit: 1 }))[0]!.value).toBe(bluest);

    // The task would fill it in a thread, which reads the registry's own folder and knows no toys.
    const input = { project, by, budget: { items: 12 }, shares: { damaged: 1, uncertain: 1 } };
    const { by: actor, ...options } = QueueInput.parse(input);
    await makeQueue(workbench.open(project, 'write'), { ...options, actor });
    const { items } = await core.queue.show({ project });
    const firstReasons = (stratum: string): string =>
      JSON.stringify(items.filter((item) => item.stratum === stratum).map(({ reasons }) => reasons[0]));
    expect(firstReasons('damaged')).toContain('newcomer-glare');
    expect(firstReasons('uncertain')).toContain('newcomer-blue');

    // A later version may know the score no more: what was scored stays, and verifies.
    removeToys();
    const image = items[0]!;
    expect(await core.scores.ofImage({ project, sha256: image.sha256 })).toMatchObject({
      scores: { 'newcomer-blue': expect.any(Number) },
    });
    expect((await core.images.query({ project, filter, sort })).total).toBe(total);
    expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
  } finally {
    await workbench.shutDown();
  }
});

import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { ToyPacks } from '../../../models/testing/toy-packs.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { connectInProcess, type CoreClient } from '../../../rpc/transport/inproc.ts';
import { writeDataset } from '../../../test/support/dataset.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { router } from '../../handlers/index.ts';
import { Workbench } from '../../handlers/workbench.ts';
import { projectModel } from '../../project/model.ts';
import { Project } from '../../project/project.ts';

const by = 'Mara';
const packs = new ToyPacks();

beforeAll(() => {
  packs.write('first', (manifest) => void (manifest.id = 'first'));
  packs.write('second', (manifest) => void (manifest.id = 'second'));
});
afterAll(() => packs.clean());

/** A core whose models are the toys `first` and `second`, besides the built-in ones. */
function coreWithToys(models = packs.root): CoreClient {
  vi.stubEnv('ASSAY_MODELS', models);
  const workbench = new Workbench();
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await workbench.shutDown();
  });
  return connectInProcess(router, { workbench });
}

function inProject<T>(folder: string, read: (project: Project) => T): T {
  const project = Project.open(folder, 'read');
  try {
    return read(project);
  } finally {
    project.close();
  }
}

const modelOf = (folder: string) => inProject(folder, ({ store }) => projectModel(store)?.modelId);
const eventsOf = (folder: string, kind: string) =>
  inProject(folder, ({ store }) => [...store.events.all()].filter((event) => event.kind === kind).length);

/** A project of 72 real images, made for `first`. */
async function madeForFirst(core: CoreClient) {
  const folder = temporaryFolder();
  const set = (await writeDataset(join(folder, 'set'), 200)).folder;
  const { folder: project } = await core.projects.create({ project: join(folder, 'p'), by, model: 'first' });
  await runTask(core, 'import', { project, by, from: join(set, 'real'), role: 'real' });
  return { set, project };
}

test('a project keeps its model until all images are embedded with another, and then uses that', async () => {
  const core = coreWithToys();
  const { set, project } = await madeForFirst(core);
  await runTask(core, 'import', { project, by, from: join(set, 'synthetic'), role: 'synthetic' });
  expect((await runTask(core, 'score', { project, by })).model).toBe('first 1.0.0');

  const stop = new AbortController();
  const stopped = runTask(
    core,
    'embed',
    { project, by, model: 'second' },
    { signal: stop.signal, report: ({ done }) => done > 0 && stop.abort() },
  );
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(modelOf(project)).toBe('first 1.0.0');
  expect((await runTask(core, 'score', { project, by })).model).toBe('first 1.0.0');

  const done = await runTask(core, 'embed', { project, by, model: 'second' });
  const { images } = await core.projects.status({ project });
  expect(done).toMatchObject({ model: 'second 1.0.0', images: images.real + images.synthetic, isNew: true });
  // What the stopped task had embedded was kept.
  expect(done.embedded).toBeGreaterThan(0);
  expect(done.embedded).toBeLessThan(done.images);
  expect((await runTask(core, 'score', { project, by })).model).toBe('second 1.0.0');
  expect(inProject(project, ({ store }) => store.scores.runs().map(({ modelId }) => modelId))).toEqual([
    'first 1.0.0',
    'first 1.0.0',
    'second 1.0.0',
  ]);

  // Back again: nothing is computed, and the choice is on the record all the same.
  const back = await runTask(core, 'embed', { project, by, model: 'first' });
  expect(back).toMatchObject({ embedded: 0, isNew: true });
  expect(await runTask(core, 'embed', { project, by, model: 'first' })).toMatchObject({ isNew: false });
  expect(eventsOf(project, 'model.chosen')).toBe(2);
  expect(modelOf(project)).toBe('first 1.0.0');
  expect((await runTask(core, 'verify', { project, originals: false })).ok).toBe(true);
});

test('a model that is no longer there is named, with what to do', async () => {
  const core = coreWithToys();
  const { set, project } = await madeForFirst(core);
  await core.projects.close({ project });
  const without = coreWithToys(temporaryFolder());
  await expect(
    runTask(without, 'import', { project, by, from: join(set, 'holdout'), role: 'holdout' }),
  ).rejects.toMatchObject({ code: 'NOT_READY', message: /works with the model first 1\.0\.0.*assay embed/ });
});

test('a project of an earlier version goes on with the model of its run, else of its images', async () => {
  const core = coreWithToys();
  const folder = temporaryFolder();
  const set = (await writeDataset(join(folder, 'set'))).folder;
  const made = Project.create(join(folder, 'p'), by);
  made.close();
  const { folder: project } = made;
  expect(modelOf(project)).toBe(undefined);
  await runTask(core, 'import', { project, by, from: join(set, 'real'), role: 'real', model: 'second' });
  expect(modelOf(project)).toBe(null);
  expect((await runTask(core, 'score', { project, by })).model).toBe('second 1.0.0');
  expect(modelOf(project)).toBe('second 1.0.0');
});

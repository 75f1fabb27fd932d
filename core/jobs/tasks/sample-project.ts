import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImportInput } from '../../../rpc/contract/imports.ts';
import { DEFAULT_SHARE, QueueInput } from '../../../rpc/contract/queue.ts';
import { renderSample } from '../../../sample/render-sample.ts';
import { computeLayout } from '../../explore/maps/layout.ts';
import { importDataset } from '../../import/imports.ts';
import { Embedder } from '../../measure/embedding.ts';
import { scoreProject } from '../../measure/score-run.ts';
import { projectFolder } from '../../project/project.ts';
import { makeQueue } from '../../queue/make-queue.ts';
import { defineTask, type TaskHost, type TaskRun } from '../task.ts';

const SET = 'assay-sample';

export default defineTask({
  kind: 'sample-project',
  // It makes the project where there is none.
  mode: 'none',
  exclusive: 'project',
  title: () => 'Making the sample project',
  run: makeSampleProject,
  outcome: ({ project }) => `${project} is ready.`,
});

/**
 * The whole first run: renders the sample set beside the project, makes the project, imports, scores and queues. What
 * is there already stays, so that an interrupted run goes on and a finished one is simply opened.
 */
async function makeSampleProject(
  { host, signal, progress }: TaskRun<'none'>,
  { project: path, by }: { project: string; by: string },
): Promise<{ project: string }> {
  const task = { signal, progress };
  const folder = projectFolder(path);
  const set = join(dirname(folder), SET);
  if (isReady(host, folder)) return { project: folder };
  if (!existsSync(join(set, 'answers.csv'))) {
    // An unfinished set is made anew: the answers are written last.
    for (const part of ['real', 'holdout', 'synthetic'])
      await rm(join(set, part), { recursive: true, force: true });
    await renderSample({ folder: set, seed: 1, ...task });
  }
  const project = existsSync(join(folder, 'project.db'))
    ? host.open(folder, 'write')
    : host.create(folder, by, await host.packOf('embedder', null));
  const inference = (await host.inference()).withSignal(task.signal);
  const pack = await host.embedderOf(project, null);
  const embedder = await Embedder.load(inference, pack, 'auto');
  for (const role of ['real', 'holdout', 'synthetic'] as const) {
    const generator = role === 'synthetic' ? 'sample-generator' : null;
    const input = { project: folder, by, from: join(set, role), role, batch: role, generator };
    await importDataset(project, { ...ImportInput.parse(input), actor: by }, host.pool, embedder, {
      ...task,
      progress: (report) => task.progress({ ...report, stage: `${report.stage}: ${role}` }),
    });
  }
  if (project.store.scores.runs().length === 0)
    await scoreProject(
      project,
      host.pool,
      inference,
      { embedder: pack, classifier: null, device: 'auto', seed: 1, actor: by },
      task,
    );
  await computeLayout(project, 'pca', 1, task);
  task.progress({ stage: 'filling the queue', done: 0, total: 1, unit: 'queues' });
  const input = { project: folder, by, budget: { share: DEFAULT_SHARE } };
  await makeQueue(project, { ...QueueInput.parse(input), actor: by });
  return { project: folder };
}

/** Whether the sample project is there with its queue: nothing is left to be made. */
function isReady(host: TaskHost, folder: string): boolean {
  return existsSync(join(folder, 'project.db')) && host.open(folder, 'read').store.queue.last() !== undefined;
}

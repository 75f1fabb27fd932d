import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ImportInput } from '../../rpc/contract/imports.ts';
import { DEFAULT_SHARE, QueueInput } from '../../rpc/contract/queue.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { Embedder } from '../measure/embedding.ts';
import { importDataset } from '../import/imports.ts';
import { computeLayout } from '../explore/maps/layout.ts';
import type { Project } from './project.ts';
import { makeQueue } from '../queue/make-queue.ts';
import { scoreProject } from '../measure/score-run.ts';
import { renderSample } from '../../sample/render-sample.ts';
import type { Workbench } from './workbench.ts';

const SET = 'assay-sample';

/** Whether the sample project is there with its queue: nothing is left to be made. */
function sampleIsReady(workbench: Workbench, path: string): boolean {
  return existsSync(join(projectPath(path), 'project.db')) && hasQueue(workbench.open(path, 'read'));
}

/**
 * The whole first run: renders the sample set beside the project, makes the project, imports, scores and queues. What
 * is there already stays, so that an interrupted run goes on and a finished one is simply opened.
 */
export async function makeSampleProject(
  workbench: Workbench,
  path: string,
  by: string,
  task: TaskContext,
): Promise<{ project: string }> {
  const folder = projectPath(path);
  const set = join(dirname(folder), SET);
  if (sampleIsReady(workbench, folder)) return { project: folder };
  if (!existsSync(join(set, 'answers.csv'))) {
    // An unfinished set is made anew: the answers are written last.
    for (const part of ['real', 'holdout', 'synthetic'])
      await rm(join(set, part), { recursive: true, force: true });
    await renderSample({ folder: set, seed: 1, ...task });
  }
  const project = existsSync(join(folder, 'project.db'))
    ? workbench.open(folder, 'write')
    : workbench.create(folder, by);
  const inference = (await workbench.inference()).withSignal(task.signal);
  const pack = await workbench.packOf('embedder', null);
  const embedder = await Embedder.load(inference, pack, 'auto');
  for (const role of ['real', 'holdout', 'synthetic'] as const) {
    const generator = role === 'synthetic' ? 'sample-generator' : null;
    const input = { project: folder, by, from: join(set, role), role, batch: role, generator };
    await importDataset(project, { ...ImportInput.parse(input), actor: by }, workbench.pool, embedder, {
      ...task,
      progress: (report) => task.progress({ ...report, stage: `${report.stage}: ${role}` }),
    });
  }
  if (project.store.scores.runs().length === 0)
    await scoreProject(
      project,
      workbench.pool,
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

function projectPath(path: string): string {
  const folder = resolve(path);
  return folder.endsWith('.assay') ? folder : `${folder}.assay`;
}

function hasQueue(project: Project): boolean {
  return project.store.queue.last() !== undefined;
}

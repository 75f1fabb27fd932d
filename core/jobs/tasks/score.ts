import type { TaskContext } from '../../../rpc/progress.ts';
import { mapInfo } from '../../explore/maps/info.ts';
import { computeLayout } from '../../explore/maps/layout.ts';
import { scoreProject } from '../../measure/score-run.ts';
import type { Project } from '../../project/project.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'score',
  mode: 'write',
  exclusive: 'project',
  title: () => 'Scoring every image',
  async run(
    { project, host, ...task },
    { by, model, classifier, device, seed, promptTemplates = [], prompts = [] },
  ) {
    const inference = (await host.inference()).withSignal(task.signal);
    const packs = {
      embedder: await host.embedderOf(project, model),
      classifier: classifier === null ? null : await host.packOf('classifier', classifier),
    };
    const run = await scoreProject(
      project,
      host.pool,
      inference,
      { ...packs, device, seed, prompts: { templates: promptTemplates, prompts }, actor: by },
      task,
    );
    return { ...run, notes: [...run.notes, ...(await drawFirstMap(project, task))] };
  },
  outcome: ({ run, images, model, device }) =>
    `Run ${run}: ${counted(images, 'image')} with ${model} on ${device}.`,
  notes: ({ notes }) => notes,
});

/**
 * Draws the map, unless there is one of these images. The run is on the record by now: a map that could not be drawn, or
 * was stopped, is a note and no failure.
 */
async function drawFirstMap(project: Project, task: TaskContext): Promise<string[]> {
  const known = mapInfo(project).layouts.pca;
  if (known && !known.stale) return [];
  try {
    await computeLayout(project, 'pca', 1, task);
    return [];
  } catch (error) {
    return [`the map was not drawn: ${(error as Error).message}`];
  }
}

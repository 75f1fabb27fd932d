import { AssayError } from '../../rpc/errors.ts';
import { taskStream } from '../jobs/task.ts';
import { newestRun } from '../queueing.ts';
import { scoreProject } from '../runs/score-run.ts';
import { scores as registry } from '../scores/registry.ts';
import { core } from './router.ts';

export const scores = core.scores.router({
  list: core.scores.list.handler(() =>
    [...registry.values()].map(({ id, title, suspect, range, unit, needs, meaning, source, threshold }) => ({
      id,
      title,
      suspect,
      range,
      unit,
      needs,
      meaning,
      source,
      threshold,
    })),
  ),
  run: core.scores.run.handler(({ input, context: { workbench }, signal }) => {
    const project = workbench.open(input.project, 'write');
    return taskStream(async (task) => {
      const inference = (await workbench.inference()).withSignal(task.signal);
      const embedder = await workbench.packOf('embedder', input.model);
      const classifier =
        input.classifier === null ? null : await workbench.packOf('classifier', input.classifier);
      const { device, seed, by } = input;
      return scoreProject(
        project,
        workbench.pool,
        inference,
        { embedder, classifier, device, seed, actor: by },
        task,
      );
    }, signal);
  }),
  ofImage: core.scores.ofImage.handler(({ input, context: { workbench } }) => {
    const project = workbench.open(input.project, 'read');
    const { store } = project;
    const [image, another] = store.images.startingWith(input.sha256);
    if (!image || another)
      throw new AssayError(
        'NOT_FOUND',
        `${another ? 'More than one image starts' : 'No image starts'} with ${input.sha256} in ${project.name}.`,
      );
    const run = newestRun(project).id;
    return {
      sha256: image.sha256,
      path: image.path,
      batch: image.batch,
      givenLabel: store.batches.labels().find((label) => label.id === image.labelId)?.name ?? null,
      predicted: store.scores.prediction(run, image.id) ?? null,
      scores: Object.fromEntries(store.scores.ofImage(run, image.id).map(({ name, value }) => [name, value])),
    };
  }),
});

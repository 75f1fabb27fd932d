import { Embedder } from '../embedding.ts';
import { importDataset } from '../imports.ts';
import { taskStream } from '../jobs/task.ts';
import { core } from './router.ts';

export const imports = core.imports.router({
  start: core.imports.start.handler(({ input, context: { workbench }, signal }) => {
    const { project: path, by, model, device, ...options } = input;
    const project = workbench.open(path, 'write');
    return taskStream(async (task) => {
      const inference = (await workbench.inference()).withSignal(task.signal);
      const embedder = await Embedder.load(inference, await workbench.packOf('embedder', model), device);
      return importDataset(project, { ...options, actor: by }, workbench.pool, embedder, task);
    }, signal);
  }),
});

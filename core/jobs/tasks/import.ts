import { basename, resolve } from 'node:path';
import { importDataset } from '../../import/imports.ts';
import { Embedder } from '../../measure/embedding.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'import',
  mode: 'write',
  exclusive: 'project',
  title: ({ batch, from }) => `Importing ${batch ?? basename(resolve(from))}`,
  async run({ project, host, ...task }, { by, model, device, ...options }) {
    const inference = (await host.inference()).withSignal(task.signal);
    const embedder = await Embedder.load(inference, await host.embedderOf(project, model), device);
    return importDataset(project, { ...options, actor: by }, host.pool, embedder, task);
  },
  outcome: ({ batch, added, unchanged, broken, changed }) =>
    `${batch}: ${counted(added, 'image')} added, ${unchanged} there already, ${broken.length} broken, ${changed.length} changed on disk since.`,
  notes: ({ notes }) => notes,
});

import { basename, resolve } from 'node:path';
import { importDataset } from '../../import/imports.ts';
import { Embedder } from '../../measure/embedding.ts';
import { importSentence } from '../../../rpc/contract/imports.ts';
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
  outcome: (summary) => `${summary.batch}: ${importSentence(summary)}.`,
  notes: ({ notes }) => notes,
});

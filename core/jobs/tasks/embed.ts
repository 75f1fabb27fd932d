import { counted } from '../../../rpc/format.ts';
import { record } from '../../ledger/ledger.ts';
import { Embedder, embedMissing } from '../../measure/embedding.ts';
import { modelOfPack, projectModel } from '../../project/model.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'embed',
  mode: 'write',
  exclusive: 'project',
  title: ({ model }) => `Embedding every image with ${model}`,
  // Vectors are kept as they come, so that the same task goes on where an earlier one was stopped. Only when all are
  // there is the model chosen: until then the project works with the one before.
  async run({ project, host, ...task }, { by, model, device }) {
    const pack = await host.packOf('embedder', model);
    const inference = (await host.inference()).withSignal(task.signal);
    const embedder = await Embedder.load(inference, pack, device);
    const embedded = await embedMissing(project, embedder, host.pool, task, 'patches');
    const chosen = modelOfPack(pack);
    await project.store.whenFree();
    const images = project.store.explore.images();
    const isNew = projectModel(project.store)?.model !== chosen.model;
    if (isNew) record(project.store, by, 'model.chosen', { ...chosen, images });
    const notes = embedder.note === null ? [] : [embedder.note];
    return { model: chosen.modelId, images, embedded, isNew, device: embedder.device, notes };
  },
  outcome: ({ model, images, embedded }) =>
    `${counted(embedded, 'image')} embedded, ${counted(images, 'image')} in all: the project works with ${model}. Score it again to use it.`,
  notes: ({ notes }) => notes,
});

import { makeQueue } from '../../queue/make-queue.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'queue',
  mode: 'write',
  exclusive: 'kind',
  title: () => 'Making a queue',
  run: ({ inThread }) => inThread(),
  work: ({ project, kernels }, { by, ...options }) => makeQueue(project, { ...options, actor: by, kernels }),
  outcome: ({ queue, items }) => `Queue ${queue} has ${counted(items, 'item')}.`,
});

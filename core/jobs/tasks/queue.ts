import { promiseOf } from '../../audit/audit-plan.ts';
import { recordedRehearsal } from '../../measure/rehearsal/found.ts';
import { makeQueue } from '../../queue/make-queue.ts';
import { describeQueue } from '../../queue/queue-words.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'queue',
  mode: 'write',
  exclusive: 'kind',
  title: () => 'Making a queue',
  run: ({ inThread }) => inThread(),
  async work({ project, kernels }, { by, words, ...options }) {
    const made = await makeQueue(project, { ...options, actor: by, kernels });
    describeQueue(project, by, made.queue, words);
    const rehearsal = recordedRehearsal(project.store.scores.run(made.run)!);
    return { ...made, promise: promiseOf(project.store, made), rehearsal };
  },
  outcome: ({ queue, items }) => `Queue ${queue} has ${counted(items, 'item')}.`,
});

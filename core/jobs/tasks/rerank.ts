import { rerankQueue } from '../../queue/rerank.ts';
import { boardOf } from '../../review/board.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'rerank',
  mode: 'write',
  exclusive: 'kind',
  title: () => 'Ranking what is left of the queue',
  // Shared memory: what reviewers are given meanwhile is known to the thread.
  run: ({ project, inThread }, { queue }) => inThread(boardOf(project.store, queue).shown),
  work: ({ project }, { by, queue, unasked }, shown) =>
    rerankQueue(project, { actor: by, queue, unasked: unasked ? { shown: shown as Uint8Array } : null }),
  outcome: ({ seq, decisions, items, moved }) =>
    seq === null
      ? 'The answers do not call for it.'
      : `Learnt from ${counted(decisions, 'decision')}: ${moved} of ${counted(items, 'item')} moved.`,
});

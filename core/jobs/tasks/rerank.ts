import { rerankQueue } from '../../queue/rerank.ts';
import { forgetBoards } from '../../review/board.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'rerank',
  mode: 'write',
  exclusive: 'kind',
  title: () => 'Ranking what is left of the queue',
  async run({ project, inThread }) {
    const summary = await inThread();
    forgetBoards(project.store);
    return summary;
  },
  work: ({ project }, { by }) => rerankQueue(project, by),
  outcome: ({ decisions, items, moved }) =>
    `Learnt from ${counted(decisions, 'decision')}: ${moved} of ${counted(items, 'item')} moved.`,
});

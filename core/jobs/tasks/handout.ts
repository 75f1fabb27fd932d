import { makeHandouts } from '../../handout/make-handouts.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'handout',
  mode: 'write',
  exclusive: 'project',
  title: ({ to }) => `Handing out to ${to.join(', ')}`,
  run: ({ project, host, ...task }, input) => makeHandouts(project, input, host.pool, task),
  outcome: ({ queue, handouts }) =>
    `${counted(handouts.length, 'hand-out')} of queue ${queue}: ${handouts.map(({ reviewer, items }) => `${reviewer} ${items}`).join(', ')}.`,
});

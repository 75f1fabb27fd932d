import { basename } from 'node:path';
import { counted } from '../../../rpc/format.ts';
import { takeRedrawn } from '../../review/redrawn.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'redrawn',
  mode: 'write',
  // As of any decision: nobody's waits for another's.
  exclusive: 'none',
  title: ({ from }) => `Taking objects that were drawn anew from ${basename(from)}`,
  async run({ project, host, inThread }, { by }) {
    const result = await inThread();
    host.reranks.decided(project, by, { kind: 'command' });
    return result;
  },
  work: ({ project, ...task }, input) => takeRedrawn(project, input, task),
  outcome: ({ changed, unchanged, notTaken }) =>
    `${counted(changed, 'image')} with other objects, ${unchanged} as before, ${notTaken.length} not taken.`,
});

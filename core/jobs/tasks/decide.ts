import { decide } from '../../review/decide.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'decide',
  mode: 'write',
  // Nobody's decision waits for another's, or is refused because of it.
  exclusive: 'none',
  title: ({ decisions }) => `Recording ${counted(decisions.length, 'decision')}`,
  async run({ project, host, inThread }, { by, context }) {
    const result = await inThread();
    host.reranks.decided(project, by, context);
    return result;
  },
  work: async ({ project }, { by, context, decisions }) => decide(project, by, context, decisions),
  outcome: ({ applied, seq }) => `${counted(applied, 'decision')} recorded as event ${seq}.`,
});

import { settleThumbnails, verifyProject } from '../../overview/verify-project.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'verify',
  mode: 'read',
  exclusive: 'kind',
  title: () => 'Verifying the record',
  run: async ({ project, host, inThread, ...task }) =>
    settleThumbnails(project, host.pool, await inThread(), task),
  work: ({ project, ...task }, options) => verifyProject(project, options, task),
  outcome: ({ ok, difference, events, originals }) =>
    ok
      ? `${counted(events, 'event')} and ${counted(originals, 'original')} are as recorded.`
      : `Not as recorded: ${difference ?? 'unknown'}.`,
  isSound: ({ ok }) => ok,
});

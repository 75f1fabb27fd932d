import { taskStream } from '../jobs/task.ts';
import { verifyProject } from '../verify.ts';
import { core } from './router.ts';

export const ledger = core.ledger.router({
  verify: core.ledger.verify.handler(({ input, context, signal }) => {
    const project = context.workbench.open(input.project, 'read');
    return taskStream((task) => verifyProject(project, input, task), signal);
  }),
});

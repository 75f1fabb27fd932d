import { taskStream } from '../jobs/task.ts';
import { prepareTask } from '../jobs/tasks.ts';
import { core } from './router.ts';

export const ledger = core.ledger.router({
  verify: core.ledger.verify.handler(({ input, context, signal }) =>
    taskStream(prepareTask(context.workbench, 'verify', input), signal),
  ),
});

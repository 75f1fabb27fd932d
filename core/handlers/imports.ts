import { taskStream } from '../jobs/task.ts';
import { prepareTask } from '../jobs/tasks.ts';
import { previewImport } from '../import/preview.ts';
import { core } from './router.ts';

export const imports = core.imports.router({
  start: core.imports.start.handler(({ input, context, signal }) =>
    taskStream(prepareTask(context.workbench, 'import', input), signal),
  ),
  preview: core.imports.preview.handler(({ input, context, signal }) =>
    previewImport(context.workbench.open(input.project, 'read'), input, signal),
  ),
});

import { taskStream } from '../jobs/task.ts';
import { prepareTask } from '../jobs/tasks.ts';
import { listReleases, previewRelease } from '../release/preview.ts';
import { core } from './router.ts';

export const releases = core.releases.router({
  start: core.releases.start.handler(({ input, context, signal }) =>
    taskStream(prepareTask(context.workbench, 'release', input), signal),
  ),
  preview: core.releases.preview.handler(({ input, context, signal }) =>
    previewRelease(context.workbench.open(input.project, 'read'), input, signal),
  ),
  list: core.releases.list.handler(({ input, context }) =>
    listReleases(context.workbench.open(input.project, 'read')),
  ),
});

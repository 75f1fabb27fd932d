import { mapInfo } from '../explore/maps/info.ts';
import { taskStream } from '../jobs/task.ts';
import { prepareTask } from '../jobs/tasks.ts';
import { core } from './router.ts';

export const maps = core.maps.router({
  compute: core.maps.compute.handler(({ input, context, signal }) =>
    taskStream(prepareTask(context.workbench, 'layout', input), signal),
  ),
  info: core.maps.info.handler(({ input, context }) =>
    mapInfo(context.workbench.open(input.project, 'read')),
  ),
});

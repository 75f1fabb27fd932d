import { taskStream } from '../jobs/task.ts';
import { exportRelease } from '../releases.ts';
import { core } from './router.ts';

export const releases = core.releases.router({
  start: core.releases.start.handler(({ input, context, signal }) => {
    const { project: path, by, ...options } = input;
    const project = context.workbench.open(path, 'write');
    return taskStream((task) => exportRelease(project, { ...options, actor: by }, task), signal);
  }),
});

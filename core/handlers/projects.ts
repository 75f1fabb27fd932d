import { projectStatus } from '../status.ts';
import { core } from './router.ts';

export const projects = core.projects.router({
  create: core.projects.create.handler(({ input, context }) => {
    const { folder, name } = context.workbench.create(input.project, input.by);
    return { folder, name };
  }),
  status: core.projects.status.handler(({ input, context }) =>
    projectStatus(context.workbench.open(input.project, 'read')),
  ),
  close: core.projects.close.handler(({ input, context }) => context.workbench.close(input.project)),
});

import { reportOfProject } from '../fidelity/project-report.ts';
import { taskStream } from '../jobs/task.ts';
import { core } from './router.ts';

export const reports = core.reports.router({
  batch: core.reports.batch.handler(({ input, context, signal }) => {
    const project = context.workbench.open(input.project, 'read');
    return taskStream((task) => reportOfProject(project, input, task), signal);
  }),
});

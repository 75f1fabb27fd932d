import { batchReport } from '../fidelity/batch-report.ts';
import { generationsReport } from '../fidelity/generations-report.ts';
import { reportPage } from '../fidelity/report-page.ts';
import { AssayError } from '../../rpc/errors.ts';
import { saveReport } from '../fidelity/save-report.ts';
import { taskStream } from '../jobs/task.ts';
import type { Project } from '../project/project.ts';
import type { Workbench } from '../project/workbench.ts';
import { core } from './router.ts';

export const reports = core.reports.router({
  batch: core.reports.batch.handler(({ input, context, signal }) => {
    const project = opened(context.workbench, input.project);
    return taskStream((task) => batchReport(project, input, task), signal);
  }),
  page: core.reports.page.handler(({ input, context, signal }) => {
    const project = opened(context.workbench, input.project);
    const { pool } = context.workbench;
    return taskStream(
      async (task) => reportPage(await batchReport(project, input, task), project, pool),
      signal,
    );
  }),
  save: core.reports.save.handler(({ input, context, signal }) => {
    const project = opened(context.workbench, input.project);
    const { pool } = context.workbench;
    return taskStream(async (task) => {
      const report = await batchReport(project, input, task);
      return saveReport(project, report, await reportPage(report, project, pool));
    }, signal);
  }),
  generations: core.reports.generations.handler(({ input, context, signal }) => {
    const project = opened(context.workbench, input.project);
    return taskStream((task) => generationsReport(project, input.seed, task), signal);
  }),
});

/** For writing, so that measurements are kept; for reading where another process has it. */
function opened(workbench: Workbench, path: string): Project {
  try {
    return workbench.open(path, 'write');
  } catch (error) {
    if (error instanceof AssayError && error.code === 'PROJECT_LOCKED') return workbench.open(path, 'read');
    throw error;
  }
}

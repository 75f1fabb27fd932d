import { batchReport } from '../../fidelity/batch-report.ts';
import { reportPage, saveReport } from '../../fidelity/report-page.ts';
import { planRows } from '../../strategy/plan/plan-report.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'report',
  mode: 'keep',
  // Two windows may ask for the same report, or one of them for two.
  exclusive: 'none',
  isMeasurement: true,
  title: ({ batch }) => `Measuring ${batch ?? 'the newest batch'}`,
  async run({ project, host, inThread }, { also }) {
    const { report } = await inThread();
    if (also === null) return { report, page: null, files: [] };
    const page = await reportPage(report, project, host.pool);
    return also === 'page'
      ? { report, page, files: [] }
      : { report, page: null, files: saveReport(project, report.batch, report, page) };
  },
  work: async ({ project, ...task }, options) => ({
    report: await batchReport(project, options, task, (classes) => planRows(project.store, classes)),
    page: null,
    files: [],
  }),
  outcome: ({ report }) => report.verdict.headline,
});

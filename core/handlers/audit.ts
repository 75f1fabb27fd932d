import { auditPlan } from '../audit/audit-plan.ts';
import { auditReport, openImages } from '../audit/audit-report.ts';
import { core, reading } from './router.ts';

export const audit = core.audit.router({
  report: core.audit.report.use(reading).handler(({ context }) => auditReport(context.project)),
  plan: core.audit.plan
    .use(reading)
    .handler(({ input, context: { project } }) =>
      auditPlan(project.store, input.maxRate, input.confidence, () => openImages(project)),
    ),
});

import { auditReport, restSize } from '../review/audit/audit-report.ts';
import { finiteSampleSize } from '../review/audit/audit-plan.ts';
import { core } from './router.ts';

const MOST_ERRORS_PLANNED = 3;

export const audit = core.audit.router({
  report: core.audit.report.handler(({ input, context }) =>
    auditReport(context.workbench.open(input.project, 'read')),
  ),
  plan: core.audit.plan.handler(({ input, context }) => {
    const { maxRate, confidence } = input;
    const population = restSize(context.workbench.open(input.project, 'read'));
    return {
      population,
      maxRate,
      confidence,
      sizes: Array.from({ length: MOST_ERRORS_PLANNED + 1 }, (_, allowedErrors) => ({
        allowedErrors,
        size: finiteSampleSize(population, maxRate, confidence, allowedErrors),
      })),
    };
  }),
});

import { finiteSampleSize } from '../audit/audit-plan.ts';
import { auditReport, restSize } from '../audit/audit-report.ts';
import { core, reading } from './router.ts';

const MOST_ERRORS_PLANNED = 3;

export const audit = core.audit.router({
  report: core.audit.report.use(reading).handler(({ context }) => auditReport(context.project)),
  plan: core.audit.plan.use(reading).handler(({ input, context }) => {
    const { maxRate, confidence } = input;
    const population = restSize(context.project);
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

import { saveInReports } from '../release/save-in-reports.ts';
import { planReport } from '../strategy/plan/plan-report.ts';
import { planTable } from '../strategy/plan/table.ts';
import { setPlanTarget } from '../strategy/plan/target.ts';
import { core, reading, writing } from './router.ts';

export const plans = core.plans.router({
  show: core.plans.show.use(reading).handler(({ context, signal }) => planReport(context.project, signal)),
  table: core.plans.table
    .use(reading)
    .handler(async ({ context, signal }) => planTable(await planReport(context.project, signal))),
  save: core.plans.save.use(reading).handler(async ({ context: { project }, signal }) => {
    const report = await planReport(project, signal);
    return saveInReports(project, [
      ['plan.csv', planTable(report)],
      ['plan.json', JSON.stringify(report, null, 2)],
    ]);
  }),
  setTarget: core.plans.setTarget
    .use(writing)
    .handler(({ input: { by, target }, context: { project }, signal }) => {
      setPlanTarget(project, by, target);
      return planReport(project, signal);
    }),
});

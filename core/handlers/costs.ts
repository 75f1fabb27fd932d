import { saveInReports } from '../release/save-in-reports.ts';
import { costReport } from '../strategy/cost/report.ts';
import { costSettingsOf, setCosts } from '../strategy/cost/settings.ts';
import { costTable } from '../strategy/cost/table.ts';
import { core, reading, writing } from './router.ts';

export const costs = core.costs.router({
  report: core.costs.report.use(reading).handler(({ input, context }) => costReport(context.project, input)),
  table: core.costs.table
    .use(reading)
    .handler(async ({ input, context }) => costTable(await costReport(context.project, input))),
  save: core.costs.save.use(reading).handler(async ({ input, context: { project } }) => {
    const report = await costReport(project, input);
    return saveInReports(project, [
      ['cost.csv', costTable(report)],
      ['cost.json', JSON.stringify(report, null, 2)],
    ]);
  }),
  settings: core.costs.settings.use(reading).handler(({ context }) => costSettingsOf(context.project.store)),
  set: core.costs.set
    .use(writing)
    .handler(({ input: { by, ...change }, context }) => setCosts(context.project, by, change)),
});

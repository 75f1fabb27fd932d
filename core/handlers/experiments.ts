import { saveReport } from '../fidelity/report-page.ts';
import { experimentNumber, listExperiments } from '../strategy/experiment/experiments.ts';
import { experimentPage } from '../strategy/experiment/page.ts';
import { core, reading } from './router.ts';

export const experiments = core.experiments.router({
  list: core.experiments.list.use(reading).handler(({ context }) => listExperiments(context.project.store)),
  get: core.experiments.get
    .use(reading)
    .handler(({ input, context }) => experimentNumber(context.project.store, input.id)),
  page: core.experiments.page.use(reading).handler(({ input, context }) => {
    const found = experimentNumber(context.project.store, input.id);
    return found && experimentPage(found);
  }),
  save: core.experiments.save.use(reading).handler(({ input, context: { project } }) => {
    const found = experimentNumber(project.store, input.id);
    return found ? saveReport(project, `ratio-experiment-${found.id}`, found, experimentPage(found)) : [];
  }),
});

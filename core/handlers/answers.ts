import { answersReport } from '../strategy/answers/report.ts';
import { answersTable } from '../strategy/answers/table.ts';
import { core, reading } from './router.ts';

export const answers = core.answers.router({
  show: core.answers.show
    .use(reading)
    .handler(({ input: { by, most }, context }) => answersReport(context.project, by, most)),
  table: core.answers.table
    .use(reading)
    .handler(({ input, context }) => answersTable(answersReport(context.project, input.by, null))),
});

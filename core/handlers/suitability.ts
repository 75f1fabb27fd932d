import { saveInReports } from '../release/save-in-reports.ts';
import { suitabilityPage } from '../strategy/suitability/page.ts';
import { answerQuestion, suitabilityRecord } from '../strategy/suitability/record.ts';
import { core, reading, writing } from './router.ts';

export const suitability = core.suitability.router({
  show: core.suitability.show
    .use(reading)
    .handler(({ context, signal }) => suitabilityRecord(context.project, signal)),
  page: core.suitability.page
    .use(reading)
    .handler(async ({ context, signal }) =>
      suitabilityPage(await suitabilityRecord(context.project, signal)),
    ),
  save: core.suitability.save.use(reading).handler(async ({ context: { project }, signal }) => {
    const record = await suitabilityRecord(project, signal);
    return saveInReports(project, [
      ['suitability.html', suitabilityPage(record)],
      ['suitability.json', JSON.stringify(record, null, 2)],
    ]);
  }),
  answer: core.suitability.answer
    .use(writing)
    .handler(({ input: { by, question, answer, reason }, context: { project } }) => {
      answerQuestion(project, by, { question, answer, reason });
      return suitabilityRecord(project);
    }),
});

import { copyPairs } from '../overview/copy-pairs.ts';
import { answerCopies } from '../review/copy-answers.ts';
import { core, reading, writing } from './router.ts';

export const copies = core.copies.router({
  list: core.copies.list
    .use(reading)
    .handler(({ input, context: { project } }) =>
      copyPairs(project, input.filter, input.offset, input.limit),
    ),
  answer: core.copies.answer
    .use(writing)
    .handler(({ input, context: { project } }) => answerCopies(project, input.by, input.answers)),
});

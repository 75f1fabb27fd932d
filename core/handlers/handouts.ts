import { AssayError } from '../../rpc/errors.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { writeAnswers } from '../handout/answers-file.ts';
import { unpackHandout } from '../handout/handout-file.ts';
import { describeHandout, listHandouts, recallHandout } from '../handout/handouts.ts';
import { handoutOf } from '../project/handout-of.ts';
import { boardOf } from '../review/board.ts';
import { core, reading, writing } from './router.ts';

export const handouts = core.handouts.router({
  list: core.handouts.list.use(reading).handler(({ context }) => listHandouts(context.project)),
  recall: core.handouts.recall
    .use(writing)
    .handler(({ input, context }) =>
      recallHandout(context.project, input.by, input.handout, input.reason ?? null),
    ),
  open: core.handouts.open.handler(async ({ input }) => ({
    project: await unpackHandout(input.file, input.password),
  })),
  of: core.handouts.of.use(reading).handler(({ context }) => describeHandout(context.project)),
  answers: core.handouts.answers.use(reading).handler(async ({ input, context: { project, workbench } }) => {
    const handout = handoutOf(project.store);
    if (handout && project.store.people.access() && input.password === undefined)
      throw new AssayError('NOT_ALLOWED', 'Answers are signed with the password of their reviewer: give it.');
    const key =
      handout && project.store.people.access()
        ? await workbench.signIns.check(project, handout.reviewer, input.password!)
        : workstationKey();
    const file = writeAnswers(project, key);
    const board = boardOf(project.store, null);
    const items = board.items.length;
    return { file, items, answered: items - board.remaining(handout!.reviewer) };
  }),
});

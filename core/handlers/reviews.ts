import { agreementOf, imagesOfCell } from '../review/agreement.ts';
import { conflictsOf } from '../review/conflicts.ts';
import { askNext } from '../review/consensus.ts';
import { decide } from '../review/decide.ts';
import { gridPage } from '../review/grid.ts';
import { goldRecord, refuseWhileReviewing, resumeReviewer } from '../review/gold.ts';
import { addClass, classesOf, setNewClasses } from '../review/new-classes.ts';
import { objectExamples } from '../review/object-examples.ts';
import { placesOf, reviewItems } from '../review/items.ts';
import { listRejectReasons, setRejectReasons } from '../review/reject-reason.ts';
import { reviewSession } from '../review/session.ts';
import { isLastActLarge, LARGE_ACT, undoLast } from '../review/undo.ts';
import { core, reading, writing } from './router.ts';

export const reviews = core.reviews.router({
  decide: core.reviews.decide.use(writing).handler(({ input, context: { project, workbench } }) => {
    if (input.decisions.length > LARGE_ACT) return workbench.jobs.finish({ kind: 'decide', input });
    const result = decide(project, input.by, input.context, input.decisions);
    workbench.reranks.decided(project, input.by, input.context);
    return result;
  }),
  undo: core.reviews.undo
    .use(writing)
    .handler(({ input, context: { project, workbench } }) =>
      isLastActLarge(project, input.by)
        ? workbench.jobs.finish({ kind: 'undo', input })
        : undoLast(project, input.by),
    ),
  places: core.reviews.places
    .use(reading)
    .handler(({ input, context }) => placesOf(context.project, input.queue, input.by, input.images)),
  session: core.reviews.session
    .use(reading)
    .handler(({ input, context }) => reviewSession(context.project, input.queue, input.by)),
  items: core.reviews.items.use(reading).handler(async ({ input, context: { project } }) => {
    // A thread that is writing a new order cannot know what is given out meanwhile.
    if (project.isWritable()) await project.store.whenFree();
    return reviewItems(project, input.queue, input.by, input.from, input.count);
  }),
  grid: core.reviews.grid.use(reading).handler(async ({ input, context: { project } }) => {
    if (project.isWritable()) await project.store.whenFree();
    return gridPage(project, input.queue, input.by, input.count, input.together);
  }),
  conflicts: core.reviews.conflicts.use(reading).handler(({ input, context: { project } }) => {
    refuseWhileReviewing(project.store, input.queue, input.by);
    return conflictsOf(project, input.queue, input.open, input.kind);
  }),
  agreement: core.reviews.agreement.use(reading).handler(({ input, context: { project } }) => {
    refuseWhileReviewing(project.store, input.queue, input.by);
    return agreementOf(project, input.queue);
  }),
  agreementImages: core.reviews.agreementImages.use(reading).handler(({ input, context: { project } }) => {
    refuseWhileReviewing(project.store, input.queue, input.by);
    return imagesOfCell(project, input.queue, input);
  }),
  askNext: core.reviews.askNext.use(reading).handler(({ input, context: { project } }) => {
    refuseWhileReviewing(project.store, input.queue, input.by);
    return askNext(project, input.queue, input.count);
  }),
  gold: core.reviews.gold.use(reading).handler(({ input, context: { project } }) => {
    refuseWhileReviewing(project.store, input.queue, input.by);
    return goldRecord(project, input.queue);
  }),
  rejectReasons: core.reviews.rejectReasons
    .use(reading)
    .handler(({ context }) => listRejectReasons(context.project)),
  setRejectReasons: core.reviews.setRejectReasons
    .use(writing)
    .handler(({ input, context }) => setRejectReasons(context.project, input.by, input.reasons)),
  classes: core.reviews.classes.use(reading).handler(({ context: { project } }) => classesOf(project)),
  setNewClasses: core.reviews.setNewClasses.use(writing).handler(({ input, context: { project } }) => {
    setNewClasses(project, input.by, input.allowed);
    return classesOf(project);
  }),
  addClass: core.reviews.addClass
    .use(writing)
    .handler(({ input, context }) => addClass(context.project, input.by, input.name)),
  objectExamples: core.reviews.objectExamples
    .use(reading)
    .handler(({ input, context }) => objectExamples(context.project, input)),
  classExamples: core.reviews.classExamples
    .use(reading)
    .handler(({ input: { queue, label, count }, context: { project } }) =>
      project.store.review.examplesOf(label, queue, count),
    ),
  resume: core.reviews.resume
    .use(writing)
    .handler(({ input, context }) => resumeReviewer(context.project, input.by, input.queue, input.reviewer)),
});

import { viewImages } from '../explore/index.ts';
import { agreementOf } from '../review/agreement.ts';
import { decideMany, requireExpected } from '../review/bulk.ts';
import { conflictsOf } from '../review/conflicts.ts';
import { askNext } from '../review/consensus.ts';
import { decide } from '../review/decide.ts';
import { goldRecord, resumeReviewer } from '../review/gold.ts';
import { reviewItems } from '../review/items.ts';
import { reviewSession } from '../review/session.ts';
import { undoLast } from '../review/undo.ts';
import { core } from './router.ts';

export const reviews = core.reviews.router({
  decide: core.reviews.decide.handler(({ input, context }) =>
    decide(context.workbench.open(input.project, 'write'), input.by, input.decisions),
  ),
  decideView: core.reviews.decideView.handler(async ({ input, context }) => {
    const { by, view, expected, ...decision } = input;
    const project = context.workbench.open(input.project, 'write');
    const images = await viewImages(project, view);
    requireExpected(images.length, expected);
    return decideMany(project, by, images, decision);
  }),
  undo: core.reviews.undo.handler(({ input, context }) =>
    undoLast(context.workbench.open(input.project, 'write'), input.by),
  ),
  session: core.reviews.session.handler(({ input, context }) =>
    reviewSession(context.workbench.open(input.project, 'read'), input.queue, input.by),
  ),
  items: core.reviews.items.handler(({ input, context }) =>
    reviewItems(
      context.workbench.open(input.project, 'read'),
      input.queue,
      input.by,
      input.from,
      input.count,
    ),
  ),
  conflicts: core.reviews.conflicts.handler(({ input, context }) =>
    conflictsOf(context.workbench.open(input.project, 'read'), input.queue, input.open),
  ),
  agreement: core.reviews.agreement.handler(({ input, context }) =>
    agreementOf(context.workbench.open(input.project, 'read'), input.queue),
  ),
  askNext: core.reviews.askNext.handler(({ input, context }) =>
    askNext(context.workbench.open(input.project, 'read'), input.queue, input.count),
  ),
  gold: core.reviews.gold.handler(({ input, context }) =>
    goldRecord(context.workbench.open(input.project, 'read'), input.queue),
  ),
  resume: core.reviews.resume.handler(({ input, context }) =>
    resumeReviewer(context.workbench.open(input.project, 'write'), input.by, input.queue, input.reviewer),
  ),
});

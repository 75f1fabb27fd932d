import { decide, undoLast } from '../review/decide.ts';
import { core } from './router.ts';

export const reviews = core.reviews.router({
  decide: core.reviews.decide.handler(({ input, context }) =>
    decide(context.workbench.open(input.project, 'write'), input.by, input.decisions),
  ),
  undo: core.reviews.undo.handler(({ input, context }) =>
    undoLast(context.workbench.open(input.project, 'write'), input.by),
  ),
});

import { addRound, listRounds } from '../strategy/rounds.ts';
import { core, reading, writing } from './router.ts';

export const rounds = core.rounds.router({
  list: core.rounds.list.use(reading).handler(({ context }) => listRounds(context.project.store)),
  add: core.rounds.add
    .use(writing)
    .handler(({ input, context }) => addRound(context.project, input.by, input)),
});

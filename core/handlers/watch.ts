import { watchReport } from '../strategy/watch/watch-report.ts';
import { core, reading } from './router.ts';

export const watch = core.watch.router({
  show: core.watch.show
    .use(reading)
    .handler(({ input, context, signal }) => watchReport(context.project, input.seed, null, signal)),
});

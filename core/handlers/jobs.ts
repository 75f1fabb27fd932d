import { core } from './router.ts';

export const jobs = core.jobs.router({
  run: core.jobs.run.handler(({ input, context, signal }) => context.workbench.jobs.run(input, signal)),
  start: core.jobs.start.handler(({ input, context }) => context.workbench.jobs.start(input)),
  list: core.jobs.list.handler(({ input, context }) => context.workbench.jobs.list(input.project)),
  get: core.jobs.get.handler(({ input, context }) => context.workbench.jobs.get(input.job)),
  watch: core.jobs.watch.handler(({ input, context, signal }) =>
    context.workbench.jobs.watch(input.project, signal),
  ),
  cancel: core.jobs.cancel.handler(({ input, context }) => context.workbench.jobs.cancel(input.job)),
  clear: core.jobs.clear.handler(({ input, context }) => context.workbench.jobs.clear(input.project)),
});

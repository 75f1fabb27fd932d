import { core } from './router.ts';

export const settings = core.settings.router({
  get: core.settings.get.handler(({ context }) => context.workbench.settings.get()),
  set: core.settings.set.handler(({ input, context }) => context.workbench.settings.set(input)),
  recent: core.settings.recent.handler(({ context }) => context.workbench.settings.recent()),
  watchRecent: core.settings.watchRecent.handler(({ context, signal }) =>
    context.workbench.settings.watchRecent(signal),
  ),
  forget: core.settings.forget.handler(({ input, context }) =>
    context.workbench.settings.forget(input.folder),
  ),
});

import { listViews, removeView, saveView } from '../explore/saved-views.ts';
import { core, reading, writing } from './router.ts';

export const views = core.views.router({
  list: core.views.list.use(reading).handler(({ context }) => listViews(context.project)),
  save: core.views.save
    .use(writing)
    .handler(({ input: { by, name, link }, context }) => saveView(context.project, by, { name, link })),
  remove: core.views.remove
    .use(writing)
    .handler(({ input, context }) => removeView(context.project, input.by, input.name)),
});

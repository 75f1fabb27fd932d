import { listReleases, previewRelease } from '../release/preview.ts';
import { core, reading } from './router.ts';

export const releases = core.releases.router({
  preview: core.releases.preview
    .use(reading)
    .handler(({ input, context, signal }) => previewRelease(context.project, input, signal)),
  list: core.releases.list.use(reading).handler(({ context }) => listReleases(context.project)),
});

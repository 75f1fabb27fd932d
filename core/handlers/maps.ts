import { explorerOf } from '../explore/index.ts';
import { mapInfo } from '../explore/maps/info.ts';
import { core, reading } from './router.ts';

export const maps = core.maps.router({
  info: core.maps.info.use(reading).handler(({ context }) => mapInfo(context.project)),
  clusters: core.maps.clusters
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('clusters', input.layout)),
});

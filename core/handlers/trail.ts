import { queryTrail, trailEvent, trailFacets } from '../overview/trail.ts';
import { core, reading } from './router.ts';

export const trail = core.trail.router({
  query: core.trail.query.use(reading).handler(({ input, context }) => queryTrail(context.project, input)),
  facets: core.trail.facets.use(reading).handler(({ context }) => trailFacets(context.project)),
  event: core.trail.event
    .use(reading)
    .handler(({ input, context }) => trailEvent(context.project, input.by, input.seq)),
});

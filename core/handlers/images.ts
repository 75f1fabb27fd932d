import { explorerOf } from '../explore/index.ts';
import { artefactMap } from '../measure/artefact-map.ts';
import { core, reading } from './router.ts';

export const images = core.images.router({
  query: core.images.query
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('query', input.filter, input.sort)),
  rows: core.images.rows
    .use(reading)
    .handler(({ input, context }) =>
      explorerOf(context.project).call('rows', input.view, input.offset, input.limit),
    ),
  indexOf: core.images.indexOf
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('indexOf', input.view, input.image)),
  mask: core.images.mask
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('mask', input.view)),
  facets: core.images.facets
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('facets', input.filter)),
  histogram: core.images.histogram
    .use(reading)
    .handler(({ input, context }) =>
      explorerOf(context.project).call('histogram', input.filter, input.score, input.bins),
    ),
  scoreCodes: core.images.scoreCodes
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('scoreCodes', input.score)),
  detail: core.images.detail
    .use(reading)
    .handler(({ input, context }) => explorerOf(context.project).call('detail', input.sha256)),
  artefactMap: core.images.artefactMap
    .use(reading)
    .handler(({ input, context }) => artefactMap(context.project, input.sha256)),
});

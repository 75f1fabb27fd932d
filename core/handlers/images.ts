import { explorerOf } from '../explore/index.ts';
import type { Explorer } from '../explore/explorer.ts';
import { core, type CoreContext } from './router.ts';

export const images = core.images.router({
  query: core.images.query.handler(({ input, context }) =>
    explorer(context, input.project).call('query', input.filter, input.sort),
  ),
  rows: core.images.rows.handler(({ input, context }) =>
    explorer(context, input.project).call('rows', input.view, input.offset, input.limit),
  ),
  indexOf: core.images.indexOf.handler(({ input, context }) =>
    explorer(context, input.project).call('indexOf', input.view, input.image),
  ),
  mask: core.images.mask.handler(({ input, context }) =>
    explorer(context, input.project).call('mask', input.view),
  ),
  facets: core.images.facets.handler(({ input, context }) => explorer(context, input.project).call('facets')),
  histogram: core.images.histogram.handler(({ input, context }) =>
    explorer(context, input.project).call('histogram', input.filter, input.score, input.bins),
  ),
  detail: core.images.detail.handler(({ input, context }) =>
    explorer(context, input.project).call('detail', input.sha256),
  ),
});

function explorer({ workbench }: CoreContext, path: string): Explorer {
  return explorerOf(workbench.open(path, 'read'));
}

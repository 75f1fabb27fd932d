import { locate } from '../project/served-files.ts';
import { listFolder } from '../import/folder-listing.ts';
import { core } from './router.ts';

export const files = core.files.router({
  locate: core.files.locate.handler(({ input, context: { workbench } }) =>
    locate(workbench.byKey(input.key), workbench.pool, input.kind, input.id),
  ),
  list: core.files.list.handler(({ input }) => listFolder(input.path)),
});

import { previewImport } from '../import/preview.ts';
import { core, reading } from './router.ts';

export const imports = core.imports.router({
  preview: core.imports.preview
    .use(reading)
    .handler(({ input, context, signal }) =>
      previewImport(context.project, { ...input, maps: context.workbench.pool }, signal),
    ),
});

import { imagesCalled, listTags, setTag, taggedBy, undoTag } from '../explore/tags.ts';
import { LARGE_ACT } from '../review/undo.ts';
import { core, reading, writing } from './router.ts';

export const tags = core.tags.router({
  list: core.tags.list.use(reading).handler(({ context }) => listTags(context.project)),
  set: core.tags.set
    .use(writing)
    .handler(({ input, context: { project, workbench } }) =>
      input.images.length > LARGE_ACT
        ? workbench.jobs.finish({ kind: 'tag', input })
        : setTag(project, input.by, input, imagesCalled(project.store, input.images)),
    ),
  undo: core.tags.undo
    .use(writing)
    .handler(({ input, context: { project, workbench } }) =>
      taggedBy(project.store, input.seq).images.length > LARGE_ACT
        ? workbench.jobs.finish({ kind: 'undo-tag', input })
        : undoTag(project, input.by, input.seq),
    ),
});

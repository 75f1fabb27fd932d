import { selectionMethods } from '../queue/methods/registry.ts';
import { flaggedByRule } from '../project/flagged.ts';
import { makeQueue } from '../queue/make-queue.ts';
import { rerankQueue } from '../queue/rerank.ts';
import { listQueues } from '../review/session.ts';
import { core } from './router.ts';

export const queue = core.queue.router({
  methods: core.queue.methods.handler(() =>
    [...selectionMethods.values()].map(({ id, title, meaning, source }) => ({ id, title, meaning, source })),
  ),
  make: core.queue.make.handler(({ input, context }) => {
    const { project, by, ...options } = input;
    return makeQueue(context.workbench.open(project, 'write'), {
      ...options,
      actor: by,
      kernels: () => context.workbench.inference(),
    });
  }),
  rerank: core.queue.rerank.handler(({ input, context }) =>
    rerankQueue(context.workbench.open(input.project, 'write'), input.by),
  ),
  show: core.queue.show.handler(({ input, context }) => {
    const project = context.workbench.open(input.project, 'read');
    const { store } = project;
    const id = store.queue.last()?.id ?? null;
    const groups = new Map<number, { sha256: string; path: string }[]>();
    for (const { position, sha256, path } of id === null ? [] : store.queue.members(id))
      groups.set(position, [...(groups.get(position) ?? []), { sha256, path }]);
    const items = id === null ? [] : store.queue.items(id);
    return {
      queue: id,
      items: items.map((item) => ({
        rank: item.place + 1,
        path: item.path,
        batch: item.batch,
        sha256: item.sha256,
        givenLabel: item.givenLabel,
        stratum: item.stratum,
        reasons: JSON.parse(item.reasons) as string[],
        priority: Number(item.priority),
        inclusionProbability: Number(item.inclusionProbability),
        group: groups.get(item.position) ?? [],
        verdict: item.verdict,
      })),
      flagged: flaggedByRule(project),
    };
  }),
  list: core.queue.list.handler(({ input, context }) =>
    listQueues(context.workbench.open(input.project, 'read')),
  ),
});

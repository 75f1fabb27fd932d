import { selectionMethods } from '../queue/methods/registry.ts';
import { flaggedByRule } from '../measure/flagged.ts';
import { listQueues } from '../review/session.ts';
import type { Reason } from '../../rpc/contract/reasons.ts';
import { DEFAULT_POLICY_NAME } from '../../rpc/contract/policies.ts';
import { itemsOf } from '../../rpc/contract/queue.ts';
import { promiseAhead } from '../audit/audit-plan.ts';
import { recordedRehearsal } from '../measure/rehearsal/found.ts';
import { policyOf } from '../queue/policies.ts';
import { describeQueue, queueWords } from '../queue/queue-words.ts';
import { rerankingOf, setReranking } from '../queue/reranking.ts';
import { core, reading, writing } from './router.ts';

export const queue = core.queue.router({
  methods: core.queue.methods.handler(() =>
    [...selectionMethods.values()].map(({ id, title, meaning, source }) => ({ id, title, meaning, source })),
  ),
  forecast: core.queue.forecast.use(reading).handler(({ input, context: { project } }) => {
    const { shares } = policyOf(project, input.policy ?? DEFAULT_POLICY_NAME);
    const whole = Object.values(shares).reduce((sum, share) => sum + share, 0);
    const run = project.store.scores.runs().at(-1);
    return {
      ...promiseAhead(input.candidates, itemsOf(input.budget, input.candidates), shares.audit / whole),
      rehearsal: run ? recordedRehearsal(run) : null,
    };
  }),
  show: core.queue.show.use(reading).handler(({ context: { project } }) => {
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
        reasons: JSON.parse(item.reasons) as Reason[],
        priority: item.priority,
        inclusionProbability: item.inclusionProbability,
        group: groups.get(item.position) ?? [],
        verdict: item.verdict,
      })),
      flagged: flaggedByRule(project),
    };
  }),
  reranking: core.queue.reranking.use(reading).handler(({ context }) => rerankingOf(context.project)),
  setReranking: core.queue.setReranking
    .use(writing)
    .handler(({ input, context }) => setReranking(context.project, input.by, input.after)),
  words: core.queue.words
    .use(reading)
    .handler(({ input, context }) => queueWords(context.project, input.queue)),
  describe: core.queue.describe
    .use(writing)
    .handler(({ input, context: { project } }) => describeQueue(project, input.by, input.queue, input)),
  list: core.queue.list.use(reading).handler(({ input, context }) => listQueues(context.project, input.by)),
});

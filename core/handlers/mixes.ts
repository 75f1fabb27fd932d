import { listMixes } from '../strategy/mix/mixes.ts';
import { previewMix } from '../strategy/mix/preview.ts';
import { mixPolicyOf, setMixPolicy } from '../strategy/mix/policy.ts';
import { core, reading, writing } from './router.ts';

export const mixes = core.mixes.router({
  list: core.mixes.list.use(reading).handler(({ context }) => listMixes(context.project.store)),
  preview: core.mixes.preview
    .use(reading)
    .handler(({ input, context, signal }) => previewMix(context.project, input, signal)),
  policy: core.mixes.policy.use(reading).handler(({ context }) => mixPolicyOf(context.project.store)),
  setPolicy: core.mixes.setPolicy
    .use(writing)
    .handler(({ input: { by, ...change }, context }) => setMixPolicy(context.project, by, change)),
});

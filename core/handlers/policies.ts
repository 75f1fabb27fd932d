import { listPolicies, removePolicy, savePolicy } from '../queue/policies.ts';
import { comparePolicies } from '../queue/policy-comparison.ts';
import { core, reading, writing } from './router.ts';

export const policies = core.policies.router({
  list: core.policies.list.use(reading).handler(({ context }) => listPolicies(context.project)),
  save: core.policies.save.use(writing).handler(({ input, context: { project } }) => {
    const { by, name, shares, diverse, method } = input;
    savePolicy(project, by, name, { shares, diverse, method });
    return listPolicies(project);
  }),
  remove: core.policies.remove.use(writing).handler(({ input, context: { project } }) => {
    removePolicy(project, input.by, input.name);
    return listPolicies(project);
  }),
  compare: core.policies.compare
    .use(reading)
    .handler(({ input, context }) => comparePolicies(context.project, input)),
});

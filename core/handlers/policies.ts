import { listPolicies, removePolicy, savePolicy } from '../queue/policies.ts';
import { comparePolicies } from '../queue/policy-comparison.ts';
import { core } from './router.ts';

export const policies = core.policies.router({
  list: core.policies.list.handler(({ input, context }) =>
    listPolicies(context.workbench.open(input.project, 'read')),
  ),
  save: core.policies.save.handler(({ input, context }) => {
    const { by, name, shares, diverse, method } = input;
    const project = context.workbench.open(input.project, 'write');
    savePolicy(project, by, name, { shares, diverse, method });
    return listPolicies(project);
  }),
  remove: core.policies.remove.handler(({ input, context }) => {
    const project = context.workbench.open(input.project, 'write');
    removePolicy(project, input.by, input.name);
    return listPolicies(project);
  }),
  compare: core.policies.compare.handler(({ input, context }) =>
    comparePolicies(context.workbench.open(input.project, 'read'), input),
  ),
});

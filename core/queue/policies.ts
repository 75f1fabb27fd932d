import { DEFAULT_POLICY, DEFAULT_POLICY_NAME, type PolicyInfo } from '../../rpc/contract/policies.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { RecordedPolicy } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { methodOf } from './by-method.ts';
import type { Policy } from './policy.ts';

const NOTHING = { likeliest: 0, 'suspect-label': 0, uncertain: 0, novel: 0, damaged: 0, audit: 0 };

/** Policies that every project has; they cannot be changed. */
const BUILT_IN: ReadonlyMap<string, { policy: Policy; meaning: string }> = new Map([
  [
    DEFAULT_POLICY_NAME,
    {
      policy: DEFAULT_POLICY,
      meaning: 'Where faults are likeliest, a little for every kind of fault, and an audit.',
    },
  ],
  [
    'labels',
    {
      policy: { ...DEFAULT_POLICY, shares: { ...NOTHING, 'suspect-label': 0.85, audit: 0.15 } },
      meaning: 'Only likely wrong labels, and an audit.',
    },
  ],
  [
    'uncertainty',
    {
      policy: { ...DEFAULT_POLICY, shares: { ...NOTHING, uncertain: 0.85, audit: 0.15 } },
      meaning: 'Images that the label model is least sure of: teaches a model, finds few faults.',
    },
  ],
  [
    'audit',
    {
      policy: { ...DEFAULT_POLICY, shares: { ...NOTHING, audit: 1 } },
      meaning: 'A random sample only: the tightest bound on the rest.',
    },
  ],
]);

/** Returns the built-in policies, then the project's own by name. */
export function listPolicies({ store }: Project): PolicyInfo[] {
  const builtIn = [...BUILT_IN].map(([name, { policy, meaning }]): PolicyInfo => ({
    name,
    ...policy,
    meaning,
    builtIn: true,
    by: null,
    at: null,
  }));
  const own = store.policies.all().map(({ name, policy, by, at }): PolicyInfo => ({
    name,
    ...parse(policy),
    meaning: null,
    builtIn: false,
    by,
    at,
  }));
  return [...builtIn, ...own];
}

/** Returns the policy of that name. Throws `NOT_FOUND` listing the existing ones. */
export function policyOf(project: Project, name: string): Policy {
  const found = listPolicies(project).find((policy) => policy.name === name);
  if (!found)
    throw new AssayError(
      'NOT_FOUND',
      `There is no policy "${name}"; there is ${listPolicies(project)
        .map((policy) => policy.name)
        .join(', ')}.`,
    );
  const { shares, diverse, method } = found;
  return { shares, diverse, method };
}

/** Saves a policy under a name, replacing any earlier one. Throws `INVALID_INPUT` for a policy that cannot fill a queue. */
export function savePolicy(project: WritableProject, actor: string, name: string, policy: Policy): void {
  refuseBuiltIn(name, 'Give it another name.');
  if (policy.method !== null) methodOf(policy.method);
  if (Object.values(policy.shares).every((share) => share === 0))
    throw new AssayError('INVALID_INPUT', `Every share of ${name} is 0; give at least one of them more.`);
  record(project.store, actor, 'policy.saved', {
    name,
    policy: { ...policy, method: policy.method ?? undefined },
  });
}

/** Removes a policy; queues filled by it keep their record of it. Throws `NOT_FOUND`. */
export function removePolicy(project: WritableProject, actor: string, name: string): void {
  refuseBuiltIn(name, 'It stays.');
  policyOf(project, name);
  record(project.store, actor, 'policy.removed', { name });
}

function refuseBuiltIn(name: string, remedy: string): void {
  if (BUILT_IN.has(name))
    throw new AssayError('INVALID_INPUT', `"${name}" comes with Assay and cannot be changed. ${remedy}`);
}

function parse(json: string): Policy {
  const { shares, diverse, method = null } = JSON.parse(json) as RecordedPolicy;
  return { shares: { ...NOTHING, ...shares }, diverse, method };
}

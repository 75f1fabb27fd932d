import type { Store } from '../../../db/store.ts';
import { DEFAULT_MIX_POLICY, type MixPolicy } from '../../../rpc/contract/mixes.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { percent } from '../../../rpc/format.ts';
import { record } from '../../ledger/ledger.ts';
import type { WritableProject } from '../../project/project.ts';

/** The policy of the project on mixing real and synthetic images. */
export function mixPolicyOf(store: Store): MixPolicy {
  const row = store.mixes.policy();
  if (!row) return DEFAULT_MIX_POLICY;
  const { target, floor, generations, unreviewed, seq } = row;
  return {
    target,
    floor,
    generations: generations === null ? null : (JSON.parse(generations) as number[]),
    unreviewed: unreviewed === 1,
    version: seq,
  };
}

type Change = {
  [K in Exclude<keyof MixPolicy, 'version'>]?: MixPolicy[K] | undefined;
};

/** Sets what `change` names, and returns the policy in force. Throws `INVALID_INPUT` for a floor above the target. */
export function setMixPolicy({ store }: WritableProject, actor: string, change: Change): MixPolicy {
  const before = mixPolicyOf(store);
  const {
    target = before.target,
    floor = before.floor,
    generations = before.generations,
    unreviewed = before.unreviewed,
  } = change;
  if (floor > target)
    throw new AssayError(
      'INVALID_INPUT',
      `The floor of ${percent(floor)} (--floor) is above the target of ${percent(target)} (--target): lower the floor, or raise the target.`,
    );
  record(store, actor, 'mix-policy.set', {
    target,
    floor,
    generations: generations === null ? undefined : [...new Set(generations)].sort((a, b) => a - b),
    unreviewed,
  });
  return mixPolicyOf(store);
}

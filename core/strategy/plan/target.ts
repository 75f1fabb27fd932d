import type { Store } from '../../../db/store.ts';
import { DEFAULT_PLAN_TARGET, type PlanReport, type PlanTarget } from '../../../rpc/contract/plans.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { EventBodies } from '../../ledger/events.ts';
import { record } from '../../ledger/ledger.ts';
import type { WritableProject } from '../../project/project.ts';

/** The target of the plan, and who set it. */
export function planTarget(store: Store): Pick<PlanReport, 'target' | 'set'> {
  const newest = store.events.ofKind('plan-target.set').at(-1);
  if (!newest) return { target: DEFAULT_PLAN_TARGET, set: null };
  const { kind, images = 0, classes = [] } = JSON.parse(newest.body) as EventBodies['plan-target.set'];
  return {
    target: kind === 'floor' ? { kind, images } : kind === 'custom' ? { kind, classes } : { kind },
    set: { by: newest.actor, at: newest.at, event: newest.seq },
  };
}

/**
 * Sets the target. Throws `NOT_FOUND` for a class that the project does not have, and `INVALID_INPUT` for one that is named
 * twice.
 */
export function setPlanTarget({ store }: WritableProject, actor: string, target: PlanTarget): void {
  if (target.kind === 'custom') {
    const known = new Set(store.batches.labelNames().values());
    const seen = new Set<string>();
    for (const { label } of target.classes) {
      if (!known.has(label))
        throw new AssayError(
          'NOT_FOUND',
          `There is no class "${label}" in this project. Its classes are: ${[...known].join(', ') || 'none'}.`,
          { class: label },
        );
      if (seen.has(label))
        throw new AssayError('INVALID_INPUT', `The class "${label}" is named twice: name it once.`);
      seen.add(label);
    }
  }
  record(store, actor, 'plan-target.set', {
    kind: target.kind,
    images: target.kind === 'floor' ? target.images : undefined,
    classes: target.kind === 'custom' ? target.classes : undefined,
  });
}

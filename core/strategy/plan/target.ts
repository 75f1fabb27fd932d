import type { Store } from '../../../db/store.ts';
import { DEFAULT_PLAN_TARGET, type PlanReport, type PlanTarget } from '../../../rpc/contract/plans.ts';
import type { Experiment } from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { EventBodies } from '../../ledger/events.ts';
import { record } from '../../ledger/ledger.ts';
import type { WritableProject } from '../../project/project.ts';
import { experimentNumber } from '../experiment/experiments.ts';
import { paysOf } from './pays.ts';
import type { Aim } from './plan.ts';

/** The target that an event has set. */
export function targetOf({
  kind,
  images = 0,
  classes = [],
  experiment,
}: EventBodies['plan-target.set']): PlanTarget {
  switch (kind) {
    case 'floor':
      return { kind, images };
    case 'custom':
      return { kind, classes };
    case 'experiment':
      return { kind, experiment };
    default:
      return { kind };
  }
}

/** The target of the plan, and who set it. */
export function planTarget(store: Store): Pick<PlanReport, 'target' | 'set'> {
  const newest = store.events.ofKind('plan-target.set').at(-1);
  if (!newest) return { target: DEFAULT_PLAN_TARGET, set: null };
  return {
    target: targetOf(JSON.parse(newest.body) as EventBodies['plan-target.set']),
    set: { by: newest.actor, at: newest.at, event: newest.seq },
  };
}

/** The target with what its numbers take: that of an experiment, with what it says. */
export function aimOf(store: Store): Aim {
  const { target } = planTarget(store);
  return target.kind === 'experiment' ? paysOf(experimentOf(store, target.experiment)) : target;
}

/** The experiment of a target. Throws `NOT_READY` where there is none at all. */
function experimentOf(store: Store, id: number | undefined): Experiment {
  const found = experimentNumber(store, id ?? null);
  if (found) return found;
  throw new AssayError(
    'NOT_READY',
    'No experiment is finished, so nothing says what pays: run one first (assay experiment, or Experiment in Strategy).',
  );
}

/**
 * Sets the target. Throws `NOT_FOUND` for a class or an experiment that the project does not have, `INVALID_INPUT` for a
 * class that is named twice, and `NOT_READY` where no experiment can tell what pays.
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
    experiment:
      target.kind === 'experiment' ? paysOf(experimentOf(store, target.experiment)).experiment : undefined,
  });
}

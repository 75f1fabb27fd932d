import type { Reason } from '../../rpc/contract/reasons.ts';
import type { PriorityStratum } from '../../rpc/contract/terms.ts';

/** What the queue can choose from, columns side by side. */
export interface Candidates {
  /** Of the image, as the caller numbers it; the order given breaks ties, so it must not change between runs. */
  imageIds: ArrayLike<number>;
  /** Higher is more suspect. NaN, 0 or less: not in that stratum. */
  priorities: Record<PriorityStratum, Float64Array>;
  /** Near-duplicates that one answer settles share a number: only images with the same given label may. -1: alone. */
  group: Int32Array;
  /** Of a candidate by its position; null where there is none. Asked for those near the top only. */
  embedding: (candidate: number) => ArrayLike<number> | null;
  /** Why a candidate is in a stratum. Asked for chosen candidates only. */
  reasons: (candidate: number, stratum: PriorityStratum) => Reason[];
}

/** One thing to look at: candidates that one answer settles. */
export type Unit = number[];

/** Candidates by near-duplicate group, in the order of their first members. */
export function collapse(candidates: Candidates): Unit[] {
  const units: Unit[] = [];
  const unitOf = new Map<number, Unit>();
  for (let i = 0; i < candidates.imageIds.length; i++) {
    const group = candidates.group[i]!;
    const known = group < 0 ? undefined : unitOf.get(group);
    if (known) known.push(i);
    else {
      const unit = [i];
      units.push(unit);
      if (group >= 0) unitOf.set(group, unit);
    }
  }
  return units;
}

/** The member that stands for a unit: the most suspect one, the first among equals. */
export function representative(unit: Unit, priority: Float64Array): number {
  return unit.reduce((best, member) =>
    strength(priority[member]!) > strength(priority[best]!) ? member : best,
  );
}

/** A priority as a number that compares: what is not in the stratum is 0. */
export function strength(priority: number): number {
  return priority > 0 ? priority : 0;
}

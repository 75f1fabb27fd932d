import type { Reason } from '../../rpc/contract/reasons.ts';
import type { PriorityStratum } from '../../rpc/contract/terms.ts';

/** The candidates for a queue, as columns. */
export interface Candidates {
  /** The caller's image numbers; their order breaks ties, so it must not change between runs. */
  imageIds: ArrayLike<number>;
  /** Higher is more suspect. NaN, 0 or less: not in that stratum. */
  priorities: Record<PriorityStratum, Float64Array>;
  /** The chance that a candidate is faulty, 0..1, per stratum; never higher for a lower priority. */
  chances: Record<PriorityStratum, Float64Array>;
  /** Near-duplicates that one answer settles share a number; they must have the same given label. -1: alone. */
  group: Int32Array;
  /** Embedding of a candidate by position, or null. Called for those near the top only. */
  embedding: (candidate: number) => ArrayLike<number> | null;
  /** Why a candidate is in a stratum. Called for chosen candidates only. */
  reasons: (candidate: number, stratum: PriorityStratum) => Reason[];
}

/** One thing to review: candidates that one answer settles. */
export type Unit = number[];

/** Groups candidates by near-duplicate group, in the order of their first members. */
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

/** Returns the member that represents a unit: the most suspect one, the first of equals. */
export function representative(unit: Unit, priority: Float64Array): number {
  return unit.reduce((best, member) =>
    strength(priority[member]!) > strength(priority[best]!) ? member : best,
  );
}

/** Returns a comparable priority; 0 if not in the stratum. */
export function strength(priority: number): number {
  return priority > 0 ? priority : 0;
}

import type { Store } from '../../db/store.ts';
import type { SoftTargets } from '../../models/types.ts';
import type { SoftLabels } from '../base/numeric/softmax.ts';
import { distributionOf } from '../ledger/distribution.ts';

/**
 * Of every image whose review ended in a distribution, the share of its annotators who gave each class, by name. Who
 * rejected the image gave none and is not counted; an image that everybody rejected is not here.
 */
export function answeredShares(store: Store): Map<number, Map<string, number>> {
  const seq = store.events.last()?.seq ?? 0;
  const found = new Map<number, Map<string, number>>();
  for (const id of store.decisions.endedInDistribution()) {
    const { shares } = distributionOf(store.decisions.namedJudgements(id, seq));
    const classes = shares.filter(({ label }) => label !== null);
    const people = classes.reduce((sum, { annotators }) => sum + annotators, 0);
    if (people > 0)
      found.set(id, new Map(classes.map(({ label, annotators }) => [label!, annotators / people])));
  }
  return found;
}

/**
 * Those shares as targets of training rows, by class index. Rows whose shares say no more than their label are left out.
 * `classOf` gives a class's index, -1 for one that is not learnt: its share goes to the others, and where nothing is left
 * the label stays.
 */
export function softLabelsOf(
  shares: ReadonlyMap<number, ReadonlyMap<string, number>>,
  ids: readonly number[],
  labels: Int32Array,
  classOf: (label: string) => number,
  classes: number,
): Map<number, Float64Array> {
  const soft = new Map<number, Float64Array>();
  ids.forEach((id, row) => {
    const own = shares.get(id);
    if (!own || labels[row]! < 0) return;
    const target = new Float64Array(classes);
    for (const [label, share] of own) {
      const k = classOf(label);
      if (k >= 0) target[k]! += share;
    }
    const sum = target.reduce((total, share) => total + share, 0);
    if (sum > 0 && target[labels[row]!]! < sum)
      soft.set(
        row,
        target.map((share) => share / sum),
      );
  });
  return soft;
}

/** Soft labels as the kernels take them; null where no row has any. */
export function softTargets(soft: SoftLabels, classes: number): SoftTargets | null {
  if (soft.size === 0) return null;
  const rows = Int32Array.from([...soft.keys()].sort((a, b) => a - b));
  const shares = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => shares.set(soft.get(row)!, i * classes));
  return { rows, shares };
}

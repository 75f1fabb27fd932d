import type { Counts } from '../../rpc/contract/counts.ts';
import type { Store } from '../../db/store.ts';
import { fileCounts, imagesByRole } from '../measure/file-counts.ts';

/** Every count of a project, as `COUNT_WORDS` defines it. */
export function countsOf(store: Store): Counts {
  const { batches, copies } = fileCounts(store);
  const images = imagesByRole(store);
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const queued = store.overview.queued();
  const { accept, relabel, reject } = store.decisions.counts();
  return {
    files: sum(batches, ({ files }) => files),
    images: images.real + images.holdout + images.synthetic,
    duplicates: sum(copies, ({ files }) => files),
    broken: sum(batches, ({ broken }) => broken),
    overruled: store.copies.answers().filter(({ answer }) => answer === 'not-a-copy').length,
    keptOut: store.overview.settled(run),
    candidates: images.synthetic - store.overview.settledSynthetic(run),
    queued: sum(queued, (row) => row.queued),
    answered: sum(queued, (row) => row.reviewed),
    decided: accept + relabel + reject,
  };
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

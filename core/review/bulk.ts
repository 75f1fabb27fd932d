import type { DecisionResult } from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { RecordedDecision } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { rejectReason } from './reject-reason.ts';

/** Images in one act: an event is one text in memory, and is written while everybody waits. */
const LARGEST_ACT = 100_000;

/** The same said of many images. */
interface BulkDecision {
  verdict: 'accept' | 'relabel' | 'reject';
  label?: string | undefined;
  reason?: string | undefined;
}

/**
 * Records one decision for each of the given images as one act, which one undo takes back. It belongs to no queue: it
 * settles the images, and is no answer to an audit or a gold item. `DECISION_REFUSED` with the remedy.
 */
export function decideMany(
  project: WritableProject,
  reviewer: string,
  imageIds: Uint32Array,
  { verdict, label, reason }: BulkDecision,
): DecisionResult {
  const { store } = project;
  const refuse = (why: string): never => {
    throw new AssayError('DECISION_REFUSED', `${why} Nothing was recorded.`);
  };
  if (imageIds.length > LARGEST_ACT)
    refuse(`${imageIds.length} images are more than one act may decide (${LARGEST_ACT}): narrow the filter.`);
  if (verdict === 'reject' && !reason) refuse('A reject needs a reason.');
  const why = verdict === 'reject' ? rejectReason(reason!, refuse) : reason;
  if (verdict === 'relabel' && label === undefined) refuse('A relabel needs a label.');
  const names = store.batches.labelNames();
  if (verdict === 'relabel' && !names.values().some((name) => name === label))
    refuse(`"${label}" is not a class of this project (${[...names.values()].join(', ')}).`);
  const decisions = Array.from(imageIds, (id): RecordedDecision => {
    const { sha256, labelId } = store.images.byId(id)!;
    const given = labelId === null ? undefined : names.get(labelId);
    if (verdict === 'reject') return { sha256, verdict, reason: why };
    if (verdict === 'accept' || label === given) return { sha256, verdict: 'accept', label: given, reason };
    return { sha256, verdict, label, reason };
  });
  const seq = record(store, reviewer, 'decisions.made', { decisions });
  return { applied: decisions.length, seq };
}

/** Throws `DECISION_REFUSED` unless a view still holds as many images as the person saw. */
export function requireExpected(found: number, expected: number): void {
  if (found !== expected)
    throw new AssayError(
      'DECISION_REFUSED',
      `The list holds ${found} images now, not ${expected}: look at it again. Nothing was recorded.`,
      { found, expected },
    );
}

import type { StandingRow } from '../../db/queries/decisions.ts';
import type { UndoResult } from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { RecordedDecision } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { boardOf } from './board.ts';
import { refuseWhilePaused } from './gold.ts';

/** An act of more decisions than this is recorded, and taken back, in a thread, so that nobody waits for it. */
export const LARGE_ACT = 1000;

/** Whether the act that `undoLast` would take back holds very many decisions. */
export function isLastActLarge({ store }: Project, reviewer: string): boolean {
  const last = store.decisions.lastAct(reviewer);
  return last !== null && store.decisions.standingCount(last) > LARGE_ACT;
}

/**
 * Takes back a reviewer's newest act as a whole, in the context it was made in. Throws `DECISION_REFUSED` if there is
 * none left, or while the reviewer is paused.
 */
export function undoLast(project: WritableProject, reviewer: string): UndoResult {
  const { store } = project;
  const last = store.decisions.lastAct(reviewer);
  if (last === null) throw new AssayError('DECISION_REFUSED', `${reviewer} has no decision left to undo.`);
  const taken = store.decisions.standingOf(last);
  for (const queue of new Set(taken.map(({ queueId }) => queueId)))
    if (queue !== null) refuseWhilePaused(store, boardOf(store, queue), reviewer);
  const sha = (imageId: number): string => store.images.byId(imageId)!.sha256;
  // Newest first, as if they were taken back one by one.
  const decisions = taken.toReversed().map((entry) => undoOf(entry, sha(entry.imageId)));
  const seq = record(store, reviewer, 'decisions.made', { context: store.events.contextOf(last), decisions });
  const first = taken[0]!;
  const hidesGroup = ({ queueId, purpose }: StandingRow): boolean =>
    queueId !== null && purpose !== 'adjudication' && store.queue.byId(queueId)!.goldRate > 0;
  return {
    // As many as were said to be applied (decide.ts).
    applied: taken.some(hidesGroup) ? taken.filter(({ spread }) => spread === 0).length : decisions.length,
    seq,
    sha256: sha(first.imageId),
    queue: first.queueId,
    purpose: first.purpose === 'gold' ? 'review' : first.purpose,
    was: {
      verdict: first.verdict,
      label: first.labelId === null ? null : store.batches.labelNames().get(first.labelId)!,
      reason: first.reason,
      flagged: first.flagged === 1,
    },
    position: first.queueId === null ? null : positionOf(project, first.queueId, reviewer, first.imageId),
  };
}

function positionOf(project: Project, queue: number, reviewer: string, imageId: number): number | null {
  const board = boardOf(project.store, queue);
  return board.order(reviewer).goldOf(imageId)?.position ?? board.placeOf(reviewer, imageId);
}

/** The entry that takes back another, filed where that one was. */
export function undoOf(
  taken: Pick<StandingRow, 'id' | 'queueId' | 'purpose'>,
  sha256: string,
  reason?: string,
): RecordedDecision {
  return {
    sha256,
    verdict: 'undo',
    undoes: taken.id,
    reason,
    queue: taken.queueId ?? undefined,
    purpose: taken.purpose === 'review' ? undefined : taken.purpose,
  };
}

import { counted, integer, percent } from '../../rpc/format.ts';
import type { Estimate, ProjectStatus } from '../../rpc/contract/projects.ts';
import type { Store } from '../../db/store.ts';
import { boardOf } from '../review/board.ts';
import { estimateRest } from './audit.ts';

/** Confidence of the first statement about the rest. */
const CONFIDENCE = 0.95;

/** An item of a queue and its outcome; null while nobody has reviewed it there. */
export interface AuditLook {
  imageId: number;
  stratum: string;
  inclusionProbability: number;
  finding: 'sound' | 'wrong' | 'unsure' | null;
}

/**
 * Returns every item of a queue with the outcome of its own review. A decision on the image elsewhere, in Explore or by
 * command, is not a review of the item: it neither adds to the audit nor removes an answer. An item that was skipped, or
 * that its reviewers disagree on, is unsure: the bounds count it as an error.
 */
export function auditLooks(store: Store, queueId: number): AuditLook[] {
  const board = boardOf(store, queueId);
  const findingOf = (imageId: number): AuditLook['finding'] => {
    const { outcome, answers } = board.state(imageId);
    if (outcome) return outcome.verdict === 'accept' ? 'sound' : 'wrong';
    const skipped = board
      .entries(imageId)
      .some(({ purpose, verdict }) => purpose === 'review' && verdict === 'skip');
    return skipped || answers.length >= board.queue.reviewers ? 'unsure' : null;
  };
  return store.queue.chances(queueId).map((item) => ({ ...item, finding: findingOf(item.imageId) }));
}

/** Counts items of a queue by stratum. Only the queue's own review decides an audit item; any verdict decides others. */
export function strataOf(store: Store, queueId: number): NonNullable<ProjectStatus['queue']>['strata'] {
  const { sampled, errors, unsure } = countLooks(store, queueId);
  return store.queue
    .strata(queueId)
    .map((row) => (row.stratum === 'audit' ? { ...row, decided: sampled - unsure, changed: errors } : row));
}

/** Counts reviewed audit items of a queue by outcome. */
function countLooks(store: Store, queueId: number): { sampled: number; errors: number; unsure: number } {
  const found = auditLooks(store, queueId).filter(({ stratum, finding }) => stratum === 'audit' && finding);
  return {
    sampled: found.length,
    errors: found.filter(({ finding }) => finding === 'wrong').length,
    unsure: found.filter(({ finding }) => finding === 'unsure').length,
  };
}

/**
 * Estimates errors in the images outside the newest queue's ranked part from its audit; null until an audit item is
 * decided. Skipped audit items count as errors in the bound. Items are shown in the random order of the draw, so those
 * answered so far are a random sample too. But a reviewer could stop when the result looks good, so the estimate is
 * preliminary until all are answered.
 *
 * Drawing again until the bound pleases would invalidate it. So queues made since the newest synthetic batch whose
 * audits were started count as looks at the same images, and from the second look on the k-th statement has the
 * confidence 1 - .05 / 2^k (Bonferroni).
 */
export function estimateOfRest(store: Store): Estimate | null {
  const queue = store.queue.last();
  if (!queue) return null;
  const { sampled, errors, unsure } = countLooks(store, queue.id);
  if (sampled === 0) return null;
  const looks = looksAtTheSame(store, queue.id);
  const confidence = looks === 1 ? CONFIDENCE : 1 - (1 - CONFIDENCE) / 2 ** looks;
  const found = estimateRest({
    population: queue.rest,
    sampled,
    errors,
    unsure,
    confidence,
  });
  const unseen = queue.rest - sampled;
  return {
    ...found,
    errors,
    unsure,
    planned: queue.audited,
    looks,
    confidence,
    unseen,
    unseenUpper: Math.min(unseen, found.remainingUpper),
  };
}

/** Counts the newest queue's look: itself and queues since the newest synthetic batch whose audit has answers. */
function looksAtTheSame(store: Store, newest: number): number {
  const since = store.batches.newestSyntheticSeq();
  const earlier = store.queue
    .all()
    .filter(({ id, seq, audited }) => id !== newest && seq > since && audited > 0)
    .filter(({ id }) => countLooks(store, id).sampled > 0);
  return earlier.length + 1;
}

/** Formats per cent with the decimals that a bound needs, rounded up: a bound must not be rounded down. */
function percentAtMost(share: number): string {
  const digits = share < 0.001 ? 3 : share < 0.1 ? 1 : 0;
  const factor = 10 ** digits;
  return `${(Math.ceil(100 * share * factor - 1e-9) / factor).toFixed(digits)} %`;
}

/** The estimate in a sentence or two, for people. */
export function sentenceOfRest(estimate: Estimate | null): string {
  if (!estimate)
    return 'Nothing can be said yet of the images that nobody reviewed: decide the audit items of the queue.';
  const { unseen, unseenUpper, sampled, planned, errors, unsure, looks, confidence } = estimate;
  const share = unseen === 0 ? 0 : unseenUpper / unseen;
  const sure = percent(confidence, 2);
  const said =
    unseen === 0
      ? 'Every image outside the ranked queue was looked at.'
      : `Of ${counted(unseen, 'image')} nobody reviewed, at most ${percentAtMost(share)} ${unseen === 1 ? 'is' : 'are'} wrong (${sure}).`;
  const doubt = unsure === 0 ? '' : `, ${integer(unsure)} undecided, which counts as wrong`;
  const drawn = ` A random ${integer(sampled)} beside them were looked at: ${integer(errors)} wrong${doubt}.`;
  const early = sampled < planned ? ` Preliminary: ${integer(planned - sampled)} of the audit are left.` : '';
  const again =
    looks === 1
      ? ''
      : ` This is look ${looks} at these images, so it is held to ${sure} instead of 95 %: looking again until it pleases proves nothing.`;
  return said + drawn + early + again;
}

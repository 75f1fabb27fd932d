import { counted, percent } from '../../rpc/format.ts';
import type { StandingRow } from '../../db/queries/decisions.ts';
import type { Store } from '../../db/store.ts';
import type { Assignee } from '../../rpc/contract/queue.ts';
import type { GoldAnswer } from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { boardOf, type QueueBoard } from './board.ts';
import { keptOutBy } from './copy-answers.ts';
import { goldCount } from './order.ts';

/** With fewer answers nobody is paused: two slips in four prove little. */
const FEWEST_FOR_PAUSE = 5;

/** How a reviewer did on the gold items of a queue. */
interface GoldScore {
  seen: number;
  right: number;
  /** right / seen, 0..1. */
  accuracy: number;
  paused: boolean;
}

/** Whether an answer to a gold item leaves the image with its known label. */
export function isRight(answer: StandingRow): boolean {
  return answer.verdict !== 'reject' && answer.labelId === answer.knownLabelId;
}

/** A reviewer's newest answer to each gold item, in the order given. Skips do not count. */
export function goldAnswers(board: QueueBoard, reviewer: string): StandingRow[] {
  if (board.queue.goldRate === 0) return [];
  const answers: StandingRow[] = [];
  for (const { imageId } of board.order(reviewer).gold) {
    const newest = board
      .entries(imageId)
      .findLast((row) => row.reviewer === reviewer && row.purpose === 'gold' && row.verdict !== 'skip');
    if (newest) answers.push(newest);
  }
  return answers.sort((a, b) => a.id - b.id);
}

/**
 * The answers that check their reviewer: not those to an image that was called a copy since, which nobody may accept.
 */
export function checking(store: Store, answers: readonly StandingRow[]): StandingRow[] {
  const run = store.scores.runs().at(-1)?.id ?? 0;
  return answers.filter(({ imageId }) => keptOutBy(store, run, imageId) === null);
}

/**
 * A reviewer's score in a queue; null before the first answer. The score counts all answers; the pause counts those
 * since the reviewer was last resumed, from 5 on.
 */
export function goldScore(store: Store, board: QueueBoard, reviewer: string): GoldScore | null {
  const answers = checking(store, goldAnswers(board, reviewer));
  if (answers.length === 0) return null;
  const resumed = store.decisions.resumedSeq(board.queue.id, reviewer);
  const recent = answers.filter(({ seq }) => seq > resumed);
  const right = answers.filter(isRight).length;
  return {
    seen: answers.length,
    right,
    accuracy: right / answers.length,
    paused:
      recent.length >= FEWEST_FOR_PAUSE &&
      recent.filter(isRight).length / recent.length < board.queue.goldThreshold,
  };
}

/** The queues that are paused for a reviewer. */
export function pausedIn(store: Store, reviewer: string): QueueBoard[] {
  return store.queue
    .withGold()
    .map((id) => boardOf(store, id))
    .filter((board) => goldScore(store, board, reviewer)?.paused);
}

/**
 * Throws `DECISION_REFUSED` with score and required score if the queue is paused for the reviewer. `held` is an image of
 * the queue that they tried to settle from elsewhere.
 */
export function refuseWhilePaused(store: Store, board: QueueBoard, reviewer: string, held?: string): void {
  const score = goldScore(store, board, reviewer);
  if (!score?.paused) return;
  const { id, goldThreshold: threshold } = board.queue;
  throw new AssayError(
    'DECISION_REFUSED',
    `Queue ${id} is paused for ${reviewer}${held === undefined ? '' : `, and holds the image ${held.slice(0, 12)}`}: ${score.right} of ${counted(score.seen, 'answer')} to items with a known label ${score.right === 1 ? 'is' : 'are'} right (${percent(score.accuracy, 0)}; ${percent(threshold, 0)} is required). Somebody else lets them go on: assay resume <project> --queue ${id} --reviewer "${reviewer}". Nothing was recorded.`,
    { queue: id, reviewer, ...score, threshold },
  );
}

/** Resumes a paused reviewer. `DECISION_REFUSED` if they are not paused, or try to resume themselves. */
export function resumeReviewer(
  project: WritableProject,
  by: string,
  queueId: number,
  reviewer: string,
): { seq: number } {
  const board = boardOf(project.store, queueId);
  if (by.toLowerCase() === reviewer.toLowerCase())
    throw new AssayError(
      'DECISION_REFUSED',
      `${by} cannot let themselves go on: somebody else must, with their own name.`,
    );
  if (!goldScore(project.store, board, reviewer)?.paused)
    throw new AssayError('DECISION_REFUSED', `Queue ${queueId} is not paused for ${reviewer}.`);
  return { seq: record(project.store, by, 'reviewer.resumed', { queue: queueId, reviewer }) };
}

/**
 * Whether somebody is in the middle of a queue with gold items: what tells gold items from others is closed to them until
 * they are through. Names differ by more than their case.
 */
export function isReviewing(board: QueueBoard, person: string): boolean {
  return board.queue.goldRate > 0 && hasOpenItems(board, [...board.byReviewer().keys()], person);
}

function hasOpenItems(board: QueueBoard, reviewers: readonly string[], person: string): boolean {
  const name = person.toLowerCase();
  return reviewers.some((reviewer) => reviewer.toLowerCase() === name && board.remaining(reviewer) > 0);
}

/**
 * Throws `NOT_READY` to who has begun, or was asked to answer, a queue that is blind or holds gold items and is not through:
 * what others answered and what the model says of its items is hidden from them.
 */
export function refuseWhileHidden(store: Store, person: string): void {
  for (const id of store.queue.hiding()) {
    const board = boardOf(store, id);
    const asked = (JSON.parse(board.queue.assignees) as Assignee[]).map(({ reviewer }) => reviewer);
    if (hasOpenItems(board, [...board.byReviewer().keys(), ...asked], person))
      throw new AssayError(
        'NOT_READY',
        `${person} is still reviewing queue ${id}, which hides what others answered and what the model says. It opens when every item is answered; until then somebody else can look.`,
      );
  }
}

/** Throws `NOT_READY` to who is still reviewing a queue with gold items. */
export function refuseWhileReviewing(store: Store, queueId: number | null, person: string): void {
  const board = boardOf(store, queueId);
  if (isReviewing(board, person))
    throw new AssayError(
      'NOT_READY',
      `${person} is still reviewing queue ${board.queue.id}, which holds items with a known answer. What would tell them apart opens when every item is answered; until then somebody else can look.`,
    );
}

/** Every answer to a gold item of a queue, oldest first, also what was taken back: for the review lead. */
export function goldRecord(project: Project, queueId: number | null): GoldAnswer[] {
  const { store } = project;
  const board = boardOf(store, queueId);
  const names = store.batches.labelNames();
  return store.decisions
    .goldReviewers(board.queue.id)
    .flatMap((reviewer) => goldEntries(board, reviewer))
    .sort((a, b) => a.id - b.id)
    .map((answer) => ({
      reviewer: answer.reviewer,
      sha256: store.images.byId(answer.imageId)!.sha256,
      known: names.get(answer.knownLabelId!)!,
      shown: answer.shownLabelId === null ? null : names.get(answer.shownLabelId)!,
      answered:
        answer.verdict === 'reject' ? 'reject' : (names.get(answer.labelId ?? 0) ?? 'without a label'),
      right: isRight(answer),
      at: answer.at,
      undone: answer.undone === 1,
    }));
}

/** A reviewer's newest answer to each gold item, and every one that was taken back. */
function goldEntries(board: QueueBoard, reviewer: string): (StandingRow & { undone: 0 | 1 })[] {
  const standing = new Set(goldAnswers(board, reviewer).map(({ id }) => id));
  return board
    .ever(reviewer)
    .filter(({ id, purpose, undone }) => purpose === 'gold' && (undone === 1 || standing.has(id)));
}

/** Who answered a gold item of a queue. */
export function reviewersOfGold(board: QueueBoard): string[] {
  if (board.queue.goldRate === 0) return [];
  return [...board.byReviewer()]
    .filter(([, rows]) => rows.some(({ purpose }) => purpose === 'gold'))
    .map(([reviewer]) => reviewer);
}

/** Reviewers for whom a queue (the newest for null) is paused: somebody else has to resume them. */
export function pausedReviewers(project: Project, queueId: number | null): string[] {
  const board = boardOf(project.store, queueId);
  return reviewersOfGold(board).filter((reviewer) => goldScore(project.store, board, reviewer)?.paused);
}

/** The pool has room for four reviewers' orders: any two share few images, so they cannot warn each other. */
const ORDERS = 4;

/**
 * Real images with a trusted label, from which the gold items of a queue of `items` are drawn: a person accepted the
 * label and that holds, or nobody decided and the run's model agrees out of fold. The queue's own images are left out.
 * Drawn at random from the queue's seed; empty if there are none.
 */
export function goldPool(
  project: Project,
  facts: { run: number; seed: number; items: number; goldRate: number; queued: ReadonlySet<number> },
): { sha256: string; label: string }[] {
  const { store } = project;
  const wanted = ORDERS * goldCount(facts.items, facts.goldRate);
  if (wanted === 0) return [];
  const names = store.batches.labelNames();
  const real = [...store.review.labelledReal()].filter(({ imageId }) => !facts.queued.has(imageId));
  const pool: { sha256: string; label: string }[] = [];
  for (const row of sampleWithoutReplacement(streamOf(facts.seed, 'gold'), real.length, real.length)) {
    const { imageId, sha256, labelId } = real[row]!;
    const label = names.get(labelId)!;
    const verdict = store.decisions.verdict(imageId)?.verdict;
    const trusted = verdict
      ? verdict === 'accept'
      : store.scores.prediction(facts.run, imageId)?.label === label;
    if (trusted) pool.push({ sha256, label });
    if (pool.length === wanted) break;
  }
  return pool;
}

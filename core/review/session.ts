import { isPlausiblePace } from '../../rpc/contract/pace.ts';
import type { ReviewSession } from '../../rpc/contract/reviews.ts';
import type { QueueInfo } from '../../rpc/contract/queue.ts';
import type { ImageFilter } from '../../rpc/contract/images.ts';
import type { Project } from '../project/project.ts';
import type { StandingRow } from '../../db/queries/decisions.ts';
import { boardOf, type QueueBoard } from './board.ts';
import { duesOf } from './dues.ts';
import { isShared } from './items.ts';
import { checking, goldAnswers, goldScore, isReviewing, isRight } from './gold.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';

/** Answers between two reports of the gold score: a score that moved at once would show which item was gold. */
const GOLD_REPORT_STEP = 20;

/** Where a reviewer stands in a queue, the newest for null. */
export function reviewSession(project: Project, queueId: number | null, reviewer: string): ReviewSession {
  const { store } = project;
  const board = boardOf(store, queueId);
  const { queue } = board;
  const { total } = board.order(reviewer);
  const entries = board.byReviewer().get(reviewer) ?? [];
  return {
    queue: queue.id,
    classes: store.batches.labels().map((label) => label.name),
    blind: queue.blind === 1,
    reviewers: queue.reviewers,
    endsIn: queue.endsIn,
    independent: !isShared(queue),
    checked: queue.goldRate > 0,
    total,
    answered: total - board.remaining(reviewer),
    next: board.next(reviewer),
    team: teamOf(board, reviewer),
    gold: goldReport(project, board, reviewer),
    medianMs: medianMs(entries),
    undoable: store.decisions.acts(reviewer),
    rankedSeq: board.rankedSeq,
  };
}

/**
 * What the team has done, so that no answer shows by it whether it was to a gold item: the reviewer's own gold items count
 * like the others, and conflicts, which gold items are never in, are told when the reviewer is through.
 */
function teamOf(board: QueueBoard, reviewer: string): ReviewSession['team'] {
  const { counts, wantedAnswers } = board;
  const { gold } = board.order(reviewer);
  const isOpen = isReviewing(board, reviewer);
  return {
    answers: counts.answers + goldAnswers(board, reviewer).length,
    wanted: wantedAnswers + gold.length,
    conflicts: isOpen ? 0 : counts.conflicts,
    questions: isOpen ? 0 : counts.questions,
  };
}

/**
 * The reviewer's score on gold items after each 20 items that they answered for the first time. It counts first answers,
 * also those taken back: otherwise answering the same item again, or taking back one and answering another, would move the
 * score by that item alone.
 */
function goldReport(project: Project, board: QueueBoard, reviewer: string): ReviewSession['gold'] {
  if (board.queue.goldRate === 0) return null;
  const threshold = board.queue.goldThreshold;
  const now = goldScore(project.store, board, reviewer);
  if (now?.paused) return { ...now, threshold };
  const first = new Map<number, StandingRow>();
  for (const row of board.ever(reviewer)) if (!first.has(row.imageId)) first.set(row.imageId, row);
  const told = checking(
    project.store,
    [...first.values()]
      .slice(0, first.size - (first.size % GOLD_REPORT_STEP))
      .filter(({ purpose }) => purpose === 'gold'),
  );
  if (told.length === 0) return null;
  const right = told.filter(isRight).length;
  return { seen: told.length, right, accuracy: right / told.length, paused: false, threshold };
}

/**
 * Items and how many of them are done. In a queue with gold items the gold items of everybody who started count too, and
 * `done` is the answers by the answers that an item needs: it moves alike whatever was answered.
 */
function progressOf(board: QueueBoard): Pick<QueueInfo, 'items' | 'done'> {
  const { queue, counts, items } = board;
  if (queue.goldRate === 0) return { items: items.length, done: counts.done };
  const started = [...board.byReviewer().keys()];
  const perOrder = board.order(started[0] ?? '').gold.length;
  const all = items.length + Math.ceil((perOrder * Math.max(1, started.length)) / queue.reviewers);
  const gold = started.reduce((sum, reviewer) => sum + goldAnswers(board, reviewer).length, 0);
  if (counts.closed === items.length) return { items: all, done: all };
  return { items: all, done: Math.min(all, Math.floor((counts.answers + gold) / queue.reviewers)) };
}

/** Every queue, newest first. `person` is who asks; what would tell gold items apart is kept from who reviews them. */
export function listQueues(project: Project, person: string | null): QueueInfo[] {
  const { store } = project;
  return store.queue.all().map((queue): QueueInfo => {
    const board = boardOf(store, queue.id);
    const { counts } = board;
    const hides = queue.goldRate > 0 && (person === null || isReviewing(board, person));
    return {
      id: queue.id,
      at: queue.at,
      by: queue.by,
      run: queue.runId,
      ...progressOf(board),
      conflicts: hides ? 0 : counts.conflicts,
      questions: hides ? 0 : counts.questions,
      filter: queue.filter === null ? null : (JSON.parse(queue.filter) as ImageFilter),
      reviewers: queue.reviewers,
      endsIn: queue.endsIn,
      blind: queue.blind === 1,
      goldRate: queue.goldRate,
      goldThreshold: queue.goldThreshold,
      ownConflicts: board.ownConflicts,
      name: queue.name,
      due: queue.due,
      dues: duesOf(board),
      hasInstructions: queue.hasInstructions === 1,
    };
  });
}

/**
 * Median time per answer in milliseconds, idle time excluded; null if none was timed. Skips are no answers, and a time in
 * which nobody can have looked is none.
 */
export function medianMs(entries: readonly StandingRow[]): number | null {
  const times = entries.flatMap(({ verdict, durationMs, grid }) =>
    verdict === 'skip' || durationMs === null || !isPlausiblePace(durationMs, grid) ? [] : [durationMs],
  );
  return times.length === 0 ? null : quantileSorted(Float64Array.from(times).sort(), 0.5);
}

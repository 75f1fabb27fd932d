import type { ReviewSession } from '../../rpc/contract/reviews.ts';
import type { QueueInfo } from '../../rpc/contract/queue.ts';
import type { ImageFilter } from '../../rpc/contract/images.ts';
import type { Project } from '../project/project.ts';
import type { StandingRow } from '../../db/queries/decisions.ts';
import { boardOf, isAnswer, type QueueBoard } from './board.ts';
import { isShared } from './items.ts';
import { goldAnswers, goldScore } from './gold.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';

/** Answers between two reports of the gold score: a score that moved at once would show which item was gold. */
const GOLD_REPORT_STEP = 20;

/** Where a reviewer stands in a queue, the newest for null. */
export function reviewSession(project: Project, queueId: number | null, reviewer: string): ReviewSession {
  const { store } = project;
  const board = boardOf(store, queueId);
  const { queue, items, counts } = board;
  const { total } = board.order(reviewer);
  const entries = board.byReviewer().get(reviewer) ?? [];
  return {
    queue: queue.id,
    classes: store.batches.labels().map((label) => label.name),
    blind: queue.blind === 1,
    reviewers: queue.reviewers,
    independent: !isShared(queue),
    checked: queue.goldRate > 0,
    total,
    answered: total - board.remaining(reviewer),
    next: board.next(reviewer),
    team: {
      answers: counts.answers,
      wanted: items.length * queue.reviewers,
      conflicts: counts.conflicts,
      questions: counts.questions,
    },
    gold: goldReport(project, board, reviewer, entries),
    medianMs: medianMs(entries),
    undoable: store.decisions.acts(reviewer),
    rankedSeq: board.rankedSeq,
  };
}

function goldReport(
  project: Project,
  board: QueueBoard,
  reviewer: string,
  entries: StandingRow[],
): ReviewSession['gold'] {
  if (board.queue.goldRate === 0) return null;
  const threshold = board.queue.goldThreshold;
  const now = goldScore(project.store, board, reviewer);
  if (now?.paused) return { ...now, threshold };
  const answers = entries.filter(isAnswer);
  const reported = answers[answers.length - (answers.length % GOLD_REPORT_STEP) - 1]?.id ?? 0;
  const known = goldAnswers(board, reviewer).filter(({ id }) => id <= reported);
  const then = goldScore(project.store, board, reviewer, known);
  return then && { ...then, paused: false, threshold };
}

/** Every queue, newest first. */
export function listQueues(project: Project): QueueInfo[] {
  const { store } = project;
  return store.queue.all().map((queue): QueueInfo => {
    const { counts } = boardOf(store, queue.id);
    return {
      id: queue.id,
      at: queue.at,
      by: queue.by,
      run: queue.runId,
      items: queue.items,
      done: counts.done,
      conflicts: counts.conflicts,
      questions: counts.questions,
      filter: queue.filter === null ? null : (JSON.parse(queue.filter) as ImageFilter),
      reviewers: queue.reviewers,
      blind: queue.blind === 1,
      goldRate: queue.goldRate,
      goldThreshold: queue.goldThreshold,
    };
  });
}

/** Median time per entry in milliseconds, idle time excluded; null if none was timed. */
export function medianMs(entries: readonly StandingRow[]): number | null {
  const times = entries.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return times.length === 0 ? null : quantileSorted(Float64Array.from(times).sort(), 0.5);
}

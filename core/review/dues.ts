import type { Assignee, Due } from '../../rpc/contract/queue.ts';
import type { QueueBoard } from './board.ts';

/**
 * What each assignee of a queue was asked for and still owes, in answers. Who was given no number is asked for an equal
 * share of all answers that the queue needs. Nobody owes more than there is left for them, and gold items count like all
 * others.
 */
export function duesOf(board: QueueBoard): Due[] {
  const { queue, items } = board;
  const assignees = JSON.parse(queue.assignees) as Assignee[];
  const share = Math.ceil(board.wantedAnswers / (assignees.length || 1));
  const said = [...board.byReviewer()];
  return assignees.map(({ reviewer, answers }) => {
    // The record knows people by name, whatever its case.
    const name = said.find(([each]) => each.toLowerCase() === reviewer.toLowerCase())?.[0] ?? reviewer;
    const { total } = board.order(name);
    const asked = Math.min(answers ?? share + total - items.length, total);
    const given = new Set(
      (said.find(([each]) => each === name)?.[1] ?? [])
        .filter(({ verdict, flagged, spread }) => spread === 0 && (verdict !== 'skip' || flagged === 1))
        .map(({ imageId }) => imageId),
    ).size;
    return { reviewer, asked, owes: Math.min(Math.max(asked - given, 0), board.remaining(name)) };
  });
}

import type { JudgementRow } from '../../db/queries/decisions.ts';
import { sameBoxes, type Box } from '../base/boxes.ts';

/** The part of an answer that agreement compares. */
type Answer = Pick<JudgementRow, 'id' | 'reviewer' | 'verdict' | 'labelId' | 'boxed'>;
/** The boxes that a decision gives the image. */
type BoxesOf = (answer: Answer) => Box[];

/** The newest answer of each person, oldest first. */
export function newestByReviewer<A extends { reviewer: string }>(answers: readonly A[]): A[] {
  const newest = new Map<string, A>();
  for (const answer of answers) {
    newest.delete(answer.reviewer);
    newest.set(answer.reviewer, answer);
  }
  return [...newest.values()];
}

/** Whether two answers leave the image with the same label and boxes, or both reject it. */
function sameAnswer(a: Answer, b: Answer, boxesOf: BoxesOf): boolean {
  if (a.verdict === 'reject' || b.verdict === 'reject') return a.verdict === b.verdict;
  if (a.labelId !== b.labelId || a.boxed !== b.boxed) return false;
  return a.boxed === 0 || sameBoxes(boxesOf(a), boxesOf(b));
}

/** The newest of `wanted` people who agree, or null. `answers`: one per person, oldest first. */
export function agreed<A extends Answer>(answers: readonly A[], wanted: number, boxesOf: BoxesOf): A | null {
  if (answers.length < wanted) return null;
  return (
    answers.findLast(
      (answer) => answers.filter((other) => sameAnswer(answer, other, boxesOf)).length >= wanted,
    ) ?? null
  );
}

/**
 * The decision that holds for an image, among its standing judgements (no skips, no gold answers), oldest first; null
 * if none does. The newest adjudication holds. Without one, every queue comes to its newest answer if it asks for one,
 * else to what as many people as it asks for agree on with their newest answers; the newest of these outcomes holds.
 */
export function holding(judgements: readonly JudgementRow[], boxesOf: BoxesOf): JudgementRow | null {
  const adjudicated = judgements.findLast(({ purpose }) => purpose === 'adjudication');
  if (adjudicated) return adjudicated;
  const byQueue = Map.groupBy(judgements, ({ queueId }) => queueId);
  let held: JudgementRow | null = null;
  for (const answers of byQueue.values()) {
    const wanted = answers[0]!.reviewers;
    const found = wanted === 1 ? answers.at(-1)! : agreed(newestByReviewer(answers), wanted, boxesOf);
    if (found && (!held || found.id > held.id)) held = found;
  }
  return held;
}

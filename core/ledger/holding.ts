import type { JudgementRow } from '../../db/queries/decisions.ts';
import { sameBoxes, type Box } from '../base/boxes.ts';
import { alike } from './distribution.ts';

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

/**
 * The answer that a queue comes to with these, one per person, oldest first; null if to none yet. Of one reviewer it is the
 * newest; of several it is the newest of as many as it asks for who agree. A queue that ends in distributions comes to the
 * commonest label as soon as it has its answers: the newest answer that gives it.
 */
export function outcomeOf<A extends Answer>(
  answers: readonly A[],
  { reviewers, endsIn }: Pick<JudgementRow, 'reviewers' | 'endsIn'>,
  boxesOf: BoxesOf,
): A | null {
  if (answers.length < reviewers) return null;
  if (reviewers === 1) return answers.at(-1)!;
  return endsIn === 'distribution'
    ? alike(answers, ({ labelId }) => labelId)[0]!.at(-1)!
    : agreed(answers, reviewers, boxesOf);
}

/** The newest of `wanted` people who agree, or null. */
function agreed<A extends Answer>(answers: readonly A[], wanted: number, boxesOf: BoxesOf): A | null {
  return (
    answers.findLast(
      (answer) => answers.filter((other) => sameAnswer(answer, other, boxesOf)).length >= wanted,
    ) ?? null
  );
}

/**
 * The decision that holds for an image, among its standing judgements (no skips, no gold answers), oldest first; null
 * if none does. The newest adjudication holds. Without one, the newest of what each queue comes to.
 */
export function holding(judgements: readonly JudgementRow[], boxesOf: BoxesOf): JudgementRow | null {
  const adjudicated = judgements.findLast(({ purpose }) => purpose === 'adjudication');
  if (adjudicated) return adjudicated;
  const byQueue = Map.groupBy(judgements, ({ queueId }) => queueId);
  let held: JudgementRow | null = null;
  for (const answers of byQueue.values()) {
    const found = outcomeOf(newestByReviewer(answers), answers[0]!, boxesOf);
    if (found && (!held || found.id > held.id)) held = found;
  }
  return held;
}

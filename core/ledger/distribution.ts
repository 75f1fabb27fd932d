import type { NamedJudgementRow } from '../../db/queries/decisions.ts';
import type { LabelShare } from '../../rpc/contract/reviews.ts';
import { newestByReviewer } from './holding.ts';

/** An answer of a person, as far as it is about the label. */
interface LabelAnswer {
  verdict: 'accept' | 'relabel' | 'reject';
}

/**
 * Answers in groups of those that say the same of the label, the largest group first. A tie goes to the given label where
 * it is among those tied, else to what was said first. `answers`: one per person, oldest first.
 */
export function alike<A extends LabelAnswer>(
  answers: readonly A[],
  labelOf: (answer: A) => string | number | null,
): A[][] {
  const groups = Map.groupBy(answers, (answer) =>
    answer.verdict === 'reject' ? answer.verdict : JSON.stringify(labelOf(answer)),
  );
  const keepsGiven = (group: A[]): number => (group.some(({ verdict }) => verdict === 'accept') ? 1 : 0);
  // The sort is stable: groups stand in the order of their first answers.
  return [...groups.values()].sort((a, b) => b.length - a.length || keepsGiven(b) - keepsGiven(a));
}

/** Whether no label is the commonest. */
export function isTied<A extends LabelAnswer>(
  answers: readonly A[],
  labelOf: (answer: A) => string | number | null,
): boolean {
  const [first, second] = alike(answers, labelOf);
  return first !== undefined && first.length === second?.length;
}

/** What people said of a label, in shares: of every group of `alike`, its own. */
export function sharesOf<A extends LabelAnswer>(
  groups: readonly A[][],
  labelOf: (answer: A) => string | null,
): LabelShare[] {
  const people = groups.reduce((sum, group) => sum + group.length, 0);
  return groups.map((group) => {
    const rejected = group[0]!.verdict === 'reject';
    return {
      label: rejected ? null : labelOf(group[0]!),
      rejected,
      annotators: group.length,
      share: group.length / people,
    };
  });
}

/** What people said of an image's label: who says the same, the largest group first, and the share of each group. */
export function distributionOf(rows: readonly NamedJudgementRow[]): {
  groups: NamedJudgementRow[][];
  shares: LabelShare[];
  annotators: number;
} {
  const answers = annotationsIn(rows);
  const labelOf = ({ label }: NamedJudgementRow): string | null => label;
  const groups = alike(answers, labelOf);
  return { groups, shares: sharesOf(groups, labelOf), annotators: answers.length };
}

/**
 * The newest answer of each person who looked at the image. Who judged between them saw their answers first, and what was
 * said of a near-duplicate was said without a look at this one: neither is an annotation of its own.
 */
function annotationsIn(rows: readonly NamedJudgementRow[]): NamedJudgementRow[] {
  return newestByReviewer(rows.filter(({ purpose, spread }) => purpose === 'review' && spread === 0));
}

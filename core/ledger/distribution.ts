import type { LabelShare } from '../../rpc/contract/reviews.ts';

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

/** What people said of a label, in shares, in the order of `alike`; empty without answers. */
export function sharesOf<A extends LabelAnswer>(
  answers: readonly A[],
  labelOf: (answer: A) => string | null,
): LabelShare[] {
  return alike(answers, labelOf).map(([first, ...others]) => ({
    label: first!.verdict === 'reject' ? null : labelOf(first!),
    rejected: first!.verdict === 'reject',
    annotators: others.length + 1,
    share: (others.length + 1) / answers.length,
  }));
}

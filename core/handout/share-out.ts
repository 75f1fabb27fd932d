/** An item that needs answers, and who cannot be asked: they answered it, or have it in another hand-out. */
export interface OpenItem {
  id: number;
  /** Answers that it still needs, at least 1. */
  needs: number;
  not: ReadonlySet<string>;
}

export interface Shares {
  /** Items of each reviewer, in the order given. */
  of: Map<string, number[]>;
  /** Items that one more reviewer was asked about than they need. */
  overlapping: number[];
  /** Items that nobody, or fewer than needed, could be asked about. */
  left: number[];
}

/**
 * Shares items out. Each goes to as many reviewers as it needs answers, those in `overlap` to one more, and each time to
 * those who have the fewest so far, of equals to the one named first: so that shares are even, and so are the pairs who
 * look at the same. `most`: items for each at most.
 */
export function shareOut(
  items: readonly OpenItem[],
  reviewers: readonly string[],
  overlap: ReadonlySet<number>,
  most = Infinity,
): Shares {
  const of = new Map(reviewers.map((reviewer): [string, number[]] => [reviewer, []]));
  const overlapping: number[] = [];
  const left: number[] = [];
  for (const { id, needs, not } of items) {
    const free = [...of].filter(([reviewer, own]) => !not.has(reviewer) && own.length < most);
    // A stable sort keeps the order named among equals.
    const asked = free
      .sort(([, a], [, b]) => a.length - b.length)
      .slice(0, needs + (overlap.has(id) ? 1 : 0));
    for (const [, own] of asked) own.push(id);
    if (asked.length > needs) overlapping.push(id);
    if (asked.length < needs) left.push(id);
  }
  return { of, overlapping, left };
}

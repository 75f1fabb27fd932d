/** What two reviewers answered, item by item. */
interface PairAgreement {
  items: number;
  agreed: number;
  /** Null when undefined: nothing in common, or one and the same answer throughout. */
  kappa: number | null;
  /** Answers in the order of first appearance by name. */
  answers: string[];
  /** Of `a` by row, of `b` by column. */
  confusion: number[][];
}

/**
 * Cohen's kappa (1960), (po - pe) / (1 - pe), with its confusion table; `pairs` holds one [a, b] per item that both
 * answered. pe comes from each reviewer's own marginals. Undefined (null) where pe is 1: no variation.
 */
export function cohensKappa(pairs: readonly (readonly [string, string])[]): PairAgreement {
  const answers = [...new Set(pairs.flat())].sort();
  const index = new Map(answers.map((answer, i) => [answer, i]));
  const confusion = answers.map(() => answers.map(() => 0));
  for (const [a, b] of pairs) confusion[index.get(a)!]![index.get(b)!]!++;
  const items = pairs.length;
  const agreed = answers.reduce((sum, _, i) => sum + confusion[i]![i]!, 0);
  const byChance = answers.reduce((sum, _, i) => {
    const row = confusion[i]!.reduce((total, count) => total + count, 0);
    const column = confusion.reduce((total, counts) => total + counts[i]!, 0);
    return sum + row * column;
  }, 0);
  // In whole numbers: (po - pe) / (1 - pe) with both sides times items squared.
  const kappa = byChance === items * items ? null : (agreed * items - byChance) / (items * items - byChance);
  return { items, agreed, kappa, answers, confusion };
}

/**
 * Krippendorff's alpha for nominal data, 1 - Do / De, any number of reviewers, missing answers allowed: each unit is
 * the list of answers that an item got; units with fewer than two are left out (Krippendorff 2011, "Computing
 * Krippendorff's alpha-reliability"). Null where nothing was answered twice, or all answers are the same.
 */
export function krippendorffsAlpha(units: Iterable<readonly string[]>): number | null {
  const totals = new Map<string, number>();
  let n = 0;
  let disagreement = 0;
  for (const unit of units) {
    const m = unit.length;
    if (m < 2) continue;
    const counts = new Map<string, number>();
    for (const answer of unit) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    let alike = 0;
    for (const [answer, count] of counts) {
      alike += count * count;
      totals.set(answer, (totals.get(answer) ?? 0) + count);
    }
    n += m;
    // Ordered pairs within the unit that differ, each with the weight 1 / (m - 1).
    disagreement += (m * m - alike) / (m - 1);
  }
  let expected = n * n;
  for (const count of totals.values()) expected -= count * count;
  return expected === 0 ? null : 1 - ((n - 1) * disagreement) / expected;
}

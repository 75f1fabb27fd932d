import { rateInterval, rateUpperBound } from './audit.ts';

/** How reviewers did on items with a known answer. */
export interface GoldCounts {
  /** Items shown with a wrong label, and how many of them were put right. */
  wrong: number;
  caught: number;
  /** Items shown with their own label, and how many of them were left alone. */
  right: number;
  left: number;
}

export interface CorrectedRate {
  /** Shares of wrong labels caught and of right ones left alone; null where nobody was shown one. */
  sensitivity: number | null;
  specificity: number | null;
  /** With half of the doubt spent on it, reviewers catch at least this share of wrong labels. */
  sensitivityLower: number;
  /** Rogan and Gladen 1978: (p + sp - 1) / (se + sp - 1), from 0 to 1; null where se + sp is no more than 1. */
  rate: number | null;
  /** With the stated confidence no more than this rate is wrong, whatever the reviewers overlooked. */
  rateUpper: number;
}

/**
 * An audit's rate, corrected for reviewers who overlook errors and see some where there are none. The bound spends half
 * of its doubt on the audit and half on the sensitivity as gold items show it (Clopper and Pearson), and grants the
 * reviewers that everything they called wrong was wrong: U(p) / L(se). So few gold items make a wide bound.
 */
export function correctForReviewers(
  audit: { sampled: number; errors: number; unsure: number },
  gold: GoldCounts,
  confidence: number,
): CorrectedRate {
  const half = 1 - (1 - confidence) / 2;
  const sensitivity = gold.wrong === 0 ? null : gold.caught / gold.wrong;
  const specificity = gold.right === 0 ? null : gold.left / gold.right;
  // One-sided at `half`: the lower end of a two-sided interval with twice the tail.
  const sensitivityLower = gold.wrong === 0 ? 0 : rateInterval(gold.caught, gold.wrong, 2 * half - 1)[0];
  const { sampled, errors, unsure } = audit;
  const observed = sampled === 0 ? null : errors / sampled;
  const power = (sensitivity ?? 0) + (specificity ?? 0) - 1;
  const rate =
    observed === null || sensitivity === null || specificity === null || power <= 0
      ? null
      : Math.min(1, Math.max(0, (observed + specificity - 1) / power));
  const seen = sampled === 0 ? 1 : rateUpperBound(errors + unsure, sampled, half);
  return {
    sensitivity,
    specificity,
    sensitivityLower,
    rate,
    rateUpper: sensitivityLower === 0 ? 1 : Math.min(1, seen / sensitivityLower),
  };
}

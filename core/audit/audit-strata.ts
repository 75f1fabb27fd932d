import { AssayError } from '../../rpc/errors.ts';
import { pooledUpper, type AuditEvidence } from './audit.ts';

export interface StratifiedEstimate {
  /** sum of W_h p_h; null while a stratum with images has no sample. */
  rate: number | null;
  /** Null if a stratum has fewer than 2 reviewed items: its spread is unknown. */
  standardError: number | null;
  /** Upper bound on all wrong items at the stated confidence, whatever the strata are like. */
  countUpper: number;
  rateUpper: number;
  /** Per stratum; all of these and `countUpper` hold simultaneously at the stated confidence. */
  upper: number[];
}

/**
 * Estimates the rate over strata (Cochran 1977, 5.A): p = sum W_h p_h, with variance
 * sum W_h^2 (1 - f_h) p_h (1 - p_h) / (n_h - 1). That variance is 0 for strata without an error, which proves nothing.
 * So the bound is instead the sum of the strata's own bounds (`pooledUpper`), each at 1 - (1 - confidence) / strata
 * (Bonferroni): valid for any sizes and counts, and wider than the bound of the whole. Throws `INVALID_INPUT` for
 * impossible counts.
 *
 * @param parts per stratum what nobody has reviewed, and the part of every pooled audit in it
 */
export function stratifiedEstimate(parts: readonly AuditEvidence[], confidence: number): StratifiedEstimate {
  const strata = parts.map(countsOf);
  const used = strata.filter(({ population }) => population > 0);
  for (const { population, sampled, errors } of used)
    if (!(sampled <= population && errors <= sampled && errors >= 0))
      throw new AssayError(
        'INVALID_INPUT',
        `Impossible counts: ${sampled} reviewed and ${errors} wrong in a stratum of ${population}.`,
      );
  const total = used.reduce((sum, { population }) => sum + population, 0);
  let rate: number | null = 0;
  let variance: number | null = 0;
  for (const { population, sampled, errors } of used) {
    const weight = population / total;
    const own = errors / sampled;
    rate = rate === null || sampled === 0 ? null : rate + weight * own;
    variance =
      variance === null || sampled < 2
        ? null
        : variance + (weight ** 2 * (1 - sampled / population) * own * (1 - own)) / (sampled - 1);
  }
  const level = 1 - (1 - confidence) / Math.max(1, used.length);
  const upper = parts.map((part, h) =>
    strata[h]!.population === 0 ? 0 : pooledUpper(part, level) + strata[h]!.errors,
  );
  const countUpper = upper.reduce((sum, count) => sum + count, 0);
  return {
    rate: total === 0 ? null : rate,
    standardError: variance === null || total === 0 ? null : Math.sqrt(variance),
    countUpper,
    rateUpper: total === 0 ? 0 : countUpper / total,
    upper,
  };
}

/** A stratum's items, how many of them were audited, and how many of these were wrong or undecided. */
export function countsOf({ unseen, waves }: AuditEvidence): {
  population: number;
  sampled: number;
  errors: number;
} {
  const sampled = waves.reduce((sum, wave) => sum + wave.sampled, 0);
  const errors = waves.reduce((sum, wave) => sum + wave.errors + wave.unsure, 0);
  return { population: unseen + sampled, sampled, errors };
}

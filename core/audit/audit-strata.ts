import { AssayError } from '../../rpc/errors.ts';
import { countUpperBound } from './audit.ts';

/** One part of a population, and the simple random sample reviewed in it. */
export interface AuditStratum {
  population: number;
  sampled: number;
  /** Wrong items in the sample, including those that nobody could decide. */
  errors: number;
}

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
 * So the bound is instead the sum of exact hypergeometric bounds, each at 1 - (1 - confidence) / strata (Bonferroni):
 * valid for any sizes and counts, and wider than the pooled bound of a simple random sample. Throws `INVALID_INPUT` for
 * impossible counts.
 */
export function stratifiedEstimate(strata: readonly AuditStratum[], confidence: number): StratifiedEstimate {
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
  const upper = strata.map(({ population, sampled, errors }) =>
    population === 0 ? 0 : countUpperBound(errors, sampled, population, level),
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

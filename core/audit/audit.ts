import { hypergeometricCdf, rateUpperBound, rateInterval } from '../base/numeric/special.ts';
import { AssayError } from '../../rpc/errors.ts';

/** Results of a simple random sample of the images that nobody was going to review. */
export interface AuditResult {
  /** Items in the rest that the sample was drawn from, including the sample. */
  population: number;
  /** Items drawn and reviewed, unsure answers included. */
  sampled: number;
  /** How many of these were wrong. */
  errors: number;
  /** How many of these nobody could decide: they count as errors in the upper bounds. */
  unsure?: number;
  /** Confidence of the statements, for example .95. */
  confidence: number;
}

export interface RestEstimate {
  population: number;
  sampled: number;
  /** errors / sampled; null when nothing was sampled. */
  rate: number | null;
  /** Wrong items in the rest estimated by the rate, found ones included; null when nothing was sampled. */
  count: number | null;
  /** Upper bound on the wrong items in the rest at the stated confidence: exact for a rest of this size. */
  countUpper: number;
  /** countUpper / population. */
  rateUpper: number;
  /** Two-sided limits on the number of wrong items, each end at (1 - confidence) / 2. */
  countInterval: [number, number];
  /** The same as rates for an infinite population (Clopper and Pearson): conservative. */
  rateInterval: [number, number];
  /** Items that can still be wrong after the found errors are corrected: countUpper - errors. */
  remainingUpper: number;
}

/**
 * Returns the largest number of wrong items D among `population` that `errors` in a sample of `sampled` does not
 * contradict: P(X <= errors | D) > 1 - confidence, exactly, by the hypergeometric distribution.
 */
export function countUpperBound(
  errors: number,
  sampled: number,
  population: number,
  confidence: number,
): number {
  let possible = errors;
  let impossible = population - (sampled - errors) + 1;
  while (impossible - possible > 1) {
    const middle = Math.floor((possible + impossible) / 2);
    if (hypergeometricCdf(errors, population, middle, sampled) > 1 - confidence) possible = middle;
    else impossible = middle;
  }
  return possible;
}

/** Returns the smallest number of wrong items that the sample does not contradict, from the upper bound of sound items. */
export function countLowerBound(
  errors: number,
  sampled: number,
  population: number,
  confidence: number,
): number {
  return population - countUpperBound(sampled - errors, sampled, population, confidence);
}

/**
 * Estimates and bounds the errors in the unreviewed rest. Valid only for a simple random sample drawn before anybody
 * reviewed and reviewed in the order drawn; never for the ranked part of a queue. Throws `INVALID_INPUT` for impossible
 * counts.
 */
export function estimateRest(result: AuditResult): RestEstimate {
  const { population, sampled, errors, unsure = 0, confidence } = result;
  checkCounts(population, sampled, errors, unsure);
  checkShare('confidence', confidence);
  const doubtful = errors + unsure;
  const tail = (1 - confidence) / 2;
  const countUpper = countUpperBound(doubtful, sampled, population, confidence);
  return {
    population,
    sampled,
    rate: sampled === 0 ? null : errors / sampled,
    count: sampled === 0 ? null : (errors / sampled) * population,
    countUpper,
    rateUpper: population === 0 ? 0 : countUpper / population,
    countInterval: [
      countLowerBound(errors, sampled, population, 1 - tail),
      countUpperBound(doubtful, sampled, population, 1 - tail),
    ],
    rateInterval: [
      sampled === 0 ? 0 : rateInterval(errors, sampled, confidence)[0],
      sampled === 0 ? 1 : rateUpperBound(doubtful, sampled, 1 - tail),
    ],
    remainingUpper: countUpper - errors,
  };
}

function checkShare(name: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new AssayError(
    'INVALID_INPUT',
    `The ${name} is ${value}; give a number between 0 and 1, such as 0.95.`,
  );
}

function checkCounts(population: number, sampled: number, errors: number, unsure: number): void {
  const whole = [population, sampled, errors, unsure].every(
    (count) => Number.isSafeInteger(count) && count >= 0,
  );
  if (whole && sampled <= population && errors + unsure <= sampled) return;
  throw new AssayError(
    'INVALID_INPUT',
    `Impossible audit counts: ${sampled} of ${population} items, ${errors} errors, ${unsure} unsure answers. ` +
      'They must be whole numbers, errors and unsure answers within the sample, the sample within the population.',
  );
}

import { hypergeometricCdf, hypergeometricPmf } from '../base/numeric/special.ts';
import { AssayError } from '../../rpc/errors.ts';

/** Confidence of the first statement about the same images. */
const CONFIDENCE = 0.95;
/** An audit is pooled with earlier ones unless more than this share of what it was drawn from is new to them. */
const MOST_NEW = 0.25;

/** One queue's audit: a simple random sample of what rank did not choose, drawn before anybody reviewed. */
export interface AuditWave {
  /** Items that the sample was drawn from, those drawn included. */
  population: number;
  /** Items drawn and reviewed, unsure answers included. */
  sampled: number;
  /** How many of these were wrong. */
  errors: number;
  /** How many of these nobody could decide: they count as errors in the upper bounds. */
  unsure: number;
  /** Wrong items of the population that other queues found. */
  foundElsewhere: number;
  /** At most so many of today's unreviewed items were not in the population. Never more than in an older wave. */
  outside: number;
  /** Items that came since it was drawn, reviewed or not. */
  newer: number;
}

/** The items that nobody has reviewed, and every audit that speaks for them, the oldest first. */
export interface AuditEvidence {
  unseen: number;
  waves: readonly AuditWave[];
}

interface RestBound {
  /** At most so many of the unreviewed items are wrong. */
  upper: number;
  /** Confidence of that statement. */
  confidence: number;
  /** The waves pooled for it. */
  waves: readonly AuditWave[];
}

/** Returns the waves that the look at wave `k` pools: those drawn from mostly the same items. */
export function pooledAt<W extends AuditWave>(waves: readonly W[], k: number): W[] {
  const { newer, population } = waves[k]!;
  return waves.slice(0, k + 1).filter((wave) => wave.newer - newer <= MOST_NEW * population);
}

/** Confidence of the k-th look at the same items, from 1: alpha for the first, then alpha / 2^k. */
export function confidenceOfLook(look: number, confidence = CONFIDENCE): number {
  return look === 1 ? confidence : 1 - (1 - confidence) / 2 ** look;
}

/** P(X <= most) of the sum of independent hypergeometric variables. */
function sumCdf(
  draws: readonly { population: number; wrong: number; sampled: number }[],
  most: number,
): number {
  const [first, ...others] = draws;
  if (first && others.length === 0)
    return hypergeometricCdf(most, first.population, first.wrong, first.sampled);
  let sum = Array.from({ length: most + 1 }, (_, x) => (x === 0 ? 1 : 0) as number);
  for (const { population, wrong, sampled } of draws) {
    const own = sum.map((_, x) => hypergeometricPmf(x, population, wrong, sampled));
    sum = sum.map((_, x) => {
      let total = 0;
      for (let i = 0; i <= x; i++) total += sum[i]! * own[x - i]!;
      return total;
    });
  }
  return sum.reduce((total, probability) => total + probability, 0);
}

/**
 * Returns the largest number of wrong items among `unseen` that the pooled waves do not contradict: if d of them are
 * wrong, wave j was drawn from at least D_j = errors + found elsewhere + max(0, d - outside) wrong items, and finding
 * no more than sum x_j has a probability of at most P(sum X_j <= sum x_j), X_j hypergeometric. Of one wave this is the
 * exact hypergeometric bound.
 */
export function pooledUpper({ unseen, waves }: AuditEvidence, confidence: number): number {
  const doubtful = waves.reduce((sum, { errors, unsure }) => sum + errors + unsure, 0);
  const isPossible = (d: number): boolean =>
    sumCdf(
      waves.map(({ population, sampled, errors, unsure, foundElsewhere, outside }) => ({
        population,
        sampled,
        wrong: Math.min(
          population - (sampled - errors - unsure),
          errors + unsure + foundElsewhere + Math.max(0, d - outside),
        ),
      })),
      doubtful,
    ) >
    1 - confidence;
  let [possible, impossible] = [0, unseen + 1];
  while (impossible - possible > 1) {
    const middle = Math.floor((possible + impossible) / 2);
    if (isPossible(middle)) possible = middle;
    else impossible = middle;
  }
  return possible;
}

/** Returns the smallest number of wrong items among `unseen` that the pooled waves do not contradict. */
function pooledLower({ unseen, waves }: AuditEvidence, confidence: number): number {
  const found = waves.reduce((sum, { errors }) => sum + errors, 0);
  if (found === 0) return 0;
  const isPossible = (d: number): boolean =>
    1 -
      sumCdf(
        waves.map(({ population, sampled, errors, foundElsewhere }) => ({
          population,
          sampled,
          wrong: Math.min(population - (sampled - errors), errors + foundElsewhere + d),
        })),
        found - 1,
      ) >
    1 - confidence;
  let [impossible, possible] = [-1, unseen];
  while (possible - impossible > 1) {
    const middle = Math.floor((possible + impossible) / 2);
    if (isPossible(middle)) possible = middle;
    else impossible = middle;
  }
  return possible;
}

/**
 * Bounds the wrong items among those that nobody has reviewed, by all audits together. Every audit is a look, which
 * pools its sample with those of earlier audits of mostly the same items. The first look is stated at `confidence`,
 * the k-th at 1 - (1 - confidence) / 2^k, so that all of them together are wrong in less than 1.5 (1 - confidence) of
 * cases. Since they hold together, the lowest one is the statement: what a former audit showed stays shown, less what
 * was found since. Valid for simple random samples drawn before anybody reviewed and reviewed in the order drawn; never
 * for the ranked part of a queue. Throws `INVALID_INPUT` for impossible counts.
 */
function boundOfRest({ unseen, waves }: AuditEvidence, confidence = CONFIDENCE): RestBound {
  checkEvidence({ unseen, waves });
  checkShare('confidence', confidence);
  let best: RestBound = { upper: unseen, confidence, waves: [] };
  const used = waves.filter(({ sampled }) => sampled > 0);
  for (const k of used.keys()) {
    const pooled = pooledAt(used, k);
    const level = confidenceOfLook(pooled.length, confidence);
    const upper = pooledUpper({ unseen, waves: pooled }, level);
    if (upper < best.upper || best.waves.length === 0) best = { upper, confidence: level, waves: pooled };
  }
  return best;
}

export interface RestEstimate {
  /** Unreviewed and audited items together: all that rank did not choose. */
  population: number;
  sampled: number;
  errors: number;
  unsure: number;
  /** Audits that were pooled: those of mostly the same items as the newest. */
  looks: number;
  /** errors / sampled; null when nothing was sampled. */
  rate: number | null;
  unseen: number;
  /** At most so many of the unseen are wrong, at `confidence`. */
  unseenUpper: number;
  confidence: number;
  /** How many audits the bound comes from; fewer than `looks` where the newest ones are too small to lower it. */
  boundLooks: number;
  /** The same with the audited items that were wrong or undecided. */
  countUpper: number;
  rateUpper: number;
  /** Two-sided limits of that count by the newest look, each end at half of its alpha. */
  countInterval: [number, number];
}

/** Estimates and bounds the errors in the unreviewed rest (`boundOfRest`). */
export function estimateRest(evidence: AuditEvidence, confidence = CONFIDENCE): RestEstimate {
  const { unseen } = evidence;
  const bound = boundOfRest(evidence, confidence);
  const used = evidence.waves.filter(({ sampled }) => sampled > 0);
  const pooled = used.length === 0 ? [] : pooledAt(used, used.length - 1);
  const sum = (of: (wave: AuditWave) => number): number => pooled.reduce((all, wave) => all + of(wave), 0);
  const [sampled, errors, unsure] = [
    sum((wave) => wave.sampled),
    sum((wave) => wave.errors),
    sum((wave) => wave.unsure),
  ];
  const population = unseen + sampled;
  const countUpper = bound.upper + errors + unsure;
  const newest = { unseen, waves: pooled };
  const half = 1 - (1 - confidenceOfLook(Math.max(1, pooled.length), confidence)) / 2;
  return {
    population,
    sampled,
    errors,
    unsure,
    looks: pooled.length,
    rate: sampled === 0 ? null : errors / sampled,
    unseen,
    unseenUpper: bound.upper,
    confidence: bound.confidence,
    boundLooks: bound.waves.length,
    countUpper,
    rateUpper: population === 0 ? 0 : countUpper / population,
    countInterval:
      sampled === 0
        ? [0, unseen]
        : [pooledLower(newest, half) + errors, pooledUpper(newest, half) + errors + unsure],
  };
}

function checkShare(name: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new AssayError(
    'INVALID_INPUT',
    `The ${name} is ${value}; give a number between 0 and 1, such as 0.95.`,
  );
}

function checkEvidence({ unseen, waves }: AuditEvidence): void {
  for (const { population, sampled, errors, unsure } of waves) {
    const whole = [unseen, population, sampled, errors, unsure].every(
      (count) => Number.isSafeInteger(count) && count >= 0,
    );
    if (whole && sampled <= population && errors + unsure <= sampled) continue;
    throw new AssayError(
      'INVALID_INPUT',
      `Impossible audit counts: ${sampled} of ${population} items, ${errors} errors, ${unsure} unsure answers. ` +
        'They must be whole numbers, errors and unsure answers within the sample, the sample within the population.',
    );
  }
}

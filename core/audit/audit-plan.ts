import { hypergeometricCdf } from '../base/numeric/special.ts';
import type { AuditPromise } from '../../rpc/contract/queue.ts';
import { AssayError } from '../../rpc/errors.ts';
import { countUpperBound } from './audit.ts';

/**
 * Returns the smallest sample that, with at most `allowedErrors` errors in it, shows with the stated confidence that no
 * more than `maxRate` of a population of this size is wrong: exact, by the hypergeometric distribution, and never more
 * than an infinite population needs. The whole population if nothing less suffices. Throws `INVALID_INPUT` for shares
 * outside 0 to 1.
 */
export function finiteSampleSize(
  population: number,
  maxRate: number,
  confidence: number,
  allowedErrors = 0,
): number {
  for (const [name, value] of [
    ['largest error rate', maxRate],
    ['confidence', confidence],
  ] as const)
    if (!(value > 0 && value < 1))
      throw new AssayError(
        'INVALID_INPUT',
        `The ${name} is ${value}; give a number between 0 and 1, such as 0.01.`,
      );
  // The smallest number of wrong items that would be too many: the sample must contradict it.
  const tooMany = Math.floor(maxRate * population + 1e-9) + 1;
  if (tooMany > population) return 0;
  const shown = (size: number): boolean =>
    hypergeometricCdf(allowedErrors, population, tooMany, size) <= 1 - confidence;
  let short = 0;
  let enough = population;
  while (enough - short > 1) {
    const middle = Math.floor((short + enough) / 2);
    if (shown(middle)) enough = middle;
    else short = middle;
  }
  return enough;
}

const CONFIDENCE = 0.95;
const GOOD_BOUND = 0.05;

/**
 * Returns what an audit of `audited` of the `rest` will say with 95 % confidence if it finds no error, and the sizes of
 * audit and queue at which it would bound the rest by 5 %. The audit keeps its share of the queue's `items`. Null
 * without an audit.
 */
export function auditPromise(rest: number, audited: number, items: number): AuditPromise | null {
  if (audited === 0) return null;
  // Ranked items join the rest when the queue gets smaller, and leave it when it grows; that changes little.
  const auditFor5 = finiteSampleSize(rest, GOOD_BOUND, CONFIDENCE);
  return {
    atMost: countUpperBound(0, audited, rest, CONFIDENCE) / rest,
    auditFor5,
    itemsFor5: Math.ceil((auditFor5 * items) / audited),
  };
}

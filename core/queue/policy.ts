import type { PriorityStratum, Share } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';

/** How a queue is filled. Stored with the queue, so that anybody can see how its images were chosen. */
export interface Policy {
  /** Parts of the budget; they need not add up to 1. A stratum of 0 is off. */
  shares: Record<Share, number>;
  /** Strata where no region of the embedding space may take more than twice its even share. */
  diverse: PriorityStratum[];
  /** Id of a selection method that replaces the ranked strata (methods/); null for the strata. */
  method: string | null;
}

/** Throws `INVALID_INPUT` unless the budget is a positive integer and the shares are non-negative numbers, not all 0. */
export function checkPolicy(policy: Policy, budget: number): void {
  if (!Number.isSafeInteger(budget) || budget < 1) {
    throw new AssayError(
      'INVALID_INPUT',
      `The budget of a queue must be a positive integer; it is ${budget}.`,
    );
  }
  const shares = Object.entries(policy.shares);
  const bad = shares.find(([, share]) => !Number.isFinite(share) || share < 0);
  if (bad) {
    throw new AssayError('INVALID_INPUT', `The share of ${bad[0]} is ${bad[1]}; give a number from 0 to 1.`);
  }
  if (shares.every(([, share]) => share === 0)) {
    throw new AssayError(
      'INVALID_INPUT',
      'Every part of the queue policy has a share of 0; give at least one of them more.',
    );
  }
}

/**
 * Divides `total` items by share among strata with `available` items each; a stratum that runs short gives its part to
 * the others. Rounds by largest remainder, ties to the earlier stratum.
 */
export function allot(total: number, strata: { share: number; available: number }[]): number[] {
  const given = strata.map(() => 0);
  const open = new Set(strata.keys().filter((i) => strata[i]!.share > 0 && strata[i]!.available > 0));
  let left = total;
  const part = (i: number): number => {
    const all = open.keys().reduce((sum, j) => sum + strata[j]!.share, 0);
    return (left * strata[i]!.share) / all;
  };
  for (;;) {
    const short = open.keys().find((i) => strata[i]!.available <= part(i));
    if (short === undefined) break;
    given[short] = strata[short]!.available;
    left -= given[short];
    open.delete(short);
  }
  const parts = [...open].map((i) => ({ i, whole: Math.floor(part(i)), rest: part(i) % 1 }));
  for (const { i, whole } of parts) given[i] = whole;
  const missing = open.size === 0 ? 0 : left - parts.reduce((sum, { whole }) => sum + whole, 0);
  parts.sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of parts.slice(0, missing)) given[i] = given[i]! + 1;
  return given;
}

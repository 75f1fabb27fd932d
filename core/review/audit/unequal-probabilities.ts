import { AssayError } from '../../../rpc/errors.ts';

/** A look at one item, and how likely it was to be looked at. */
export interface Look {
  /** 0 < p <= 1, recorded before anybody looked. */
  probability: number;
  wrong: boolean;
}

export interface WeightedEstimate {
  /** Wrong items in everything that could have been drawn (Horvitz and Thompson 1952): sum e / p. */
  total: number;
  /** Of that, for independent draws (Poisson sampling): sum e (1 - p) / p^2. 0 without an error, which proves nothing. */
  variance: number;
  /** Share of wrong items (Hajek 1971): sum (e / p) / sum (1 / p); null without a look. */
  rate: number | null;
}

/** Estimates from looks of unequal probability. `INVALID_INPUT` for a probability that cannot be: it cannot be weighed. */
export function weightedEstimate(looks: Iterable<Look>): WeightedEstimate {
  let [total, variance, weights] = [0, 0, 0];
  for (const { probability, wrong } of looks) {
    if (!(probability > 0 && probability <= 1))
      throw new AssayError(
        'INVALID_INPUT',
        `A look with the probability ${probability} cannot be weighed; it must be above 0 and at most 1.`,
      );
    weights += 1 / probability;
    if (!wrong) continue;
    total += 1 / probability;
    variance += (1 - probability) / probability ** 2;
  }
  return { total, variance, rate: weights === 0 ? null : total / weights };
}

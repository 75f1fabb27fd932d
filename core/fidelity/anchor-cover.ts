import { distancesBetween, subDistances, type Distances } from './distances.ts';
import { prdc } from './support.ts';

const K = 5;

export interface Cover {
  /** Real images measured. */
  real: number;
  coverage: { before: number; after: number };
  recall: { before: number; after: number };
}

/**
 * Coverage and recall (core/fidelity/support.ts, k = 5) of a class's real images by all of its generated ones and by those
 * that a cut leaves. Null where there are too few of either for five neighbours. Both fall with the mere number of
 * images that are cut; that is part of the price.
 *
 * @param kept rows of `generated` that are left
 */
export async function coverOf(
  real: { data: Float32Array; dimensions: number },
  generated: { data: Float32Array; dimensions: number },
  kept: readonly number[],
  signal?: AbortSignal,
): Promise<Cover | null> {
  const rows = real.data.length / real.dimensions;
  const columns = generated.data.length / generated.dimensions;
  if (rows <= K || columns <= K) return null;
  const within = await distancesBetween(real, real, signal);
  const own = await distancesBetween(generated, generated, signal);
  const between = await distancesBetween(real, generated, signal);
  const all = [...Array(rows).keys()];
  const before = prdc(within, own, between, K);
  const after = leftOver(within, subDistances(own, kept, kept), subDistances(between, all, kept));
  return {
    real: rows,
    coverage: { before: before.coverage, after: after.coverage },
    recall: { before: before.recall, after: after.recall },
  };
}

function leftOver(
  within: Distances,
  own: Distances,
  between: Distances,
): { coverage: number; recall: number } {
  const { coverage, recall } = prdc(within, own, between, K);
  // Fewer have no fifth neighbour, and so no reach.
  return { coverage, recall: own.rows > K ? recall : 0 };
}

import type { Neighbours } from '../../../models/types.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';

/** Neighbours that distances are averaged over (Kuan and Mueller 2022: min(10, n - 1)). */
export const NEIGHBOURS = 10;
/** Larger batches are sampled, so that the search stays linear in their size. */
const POOL_BATCH = 20_000;

/**
 * The images of the scored batch that join the real seeds in the pool that `isolation` and `neighbour-agreement` search:
 * ascending positions in the batch, all of them up to 20,000, a random sample by seed beyond.
 */
export function drawPool(batchSize: number, seed: number): Int32Array {
  return sampleWithoutReplacement(streamOf(seed, 'pool'), batchSize, POOL_BATCH).sort();
}

/** Mean distance per query to the neighbours it has (NaN where it has none), n values. */
export function meanDistance({ index, distance, k }: Neighbours): Float64Array {
  return Float64Array.from({ length: index.length / k }, (_, i) => {
    let sum = 0;
    let found = 0;
    for (let at = i * k; at < (i + 1) * k; at++) {
      if (index[at]! < 0) continue;
      sum += distance[at]!;
      found++;
    }
    return sum / found;
  });
}

/** Distance per query to its nearest neighbour (NaN where it has none), n values. */
export function nearestDistance({ index, distance, k }: Neighbours): Float64Array {
  return Float64Array.from({ length: index.length / k }, (_, i) =>
    index[i * k]! < 0 ? Number.NaN : distance[i * k]!,
  );
}

/**
 * Share of a query's labelled neighbours that carry its own given label; NaN where it has no label or no labelled
 * neighbour.
 *
 * @param poolLabels class index per row of the pool, -1 where there is none
 * @param given class index per query, -1 where there is none
 */
export function labelAgreement(
  { index, k }: Neighbours,
  poolLabels: Int32Array,
  given: Int32Array,
): Float64Array {
  return Float64Array.from(given, (label, i) => {
    if (label < 0) return Number.NaN;
    let same = 0;
    let labelled = 0;
    for (let at = i * k; at < (i + 1) * k; at++) {
      const other = index[at]! < 0 ? -1 : poolLabels[index[at]!]!;
      if (other < 0) continue;
      labelled++;
      if (other === label) same++;
    }
    return same / labelled;
  });
}

/**
 * Share of a query's labelled neighbours that carry the commonest label other than its own given one; NaN where it has
 * no label or no labelled neighbour. Arguments as of `labelAgreement`.
 */
export function rivalAgreement(
  { index, k }: Neighbours,
  poolLabels: Int32Array,
  given: Int32Array,
): Float64Array {
  return Float64Array.from(given, (label, i) => {
    if (label < 0) return Number.NaN;
    const votes = new Map<number, number>();
    let labelled = 0;
    let most = 0;
    for (let at = i * k; at < (i + 1) * k; at++) {
      const other = index[at]! < 0 ? -1 : poolLabels[index[at]!]!;
      if (other < 0) continue;
      labelled++;
      if (other === label) continue;
      const count = (votes.get(other) ?? 0) + 1;
      votes.set(other, count);
      if (count > most) most = count;
    }
    return most / labelled;
  });
}

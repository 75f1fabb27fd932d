import { quantileSorted } from '../../base/numeric/percentile.ts';

/** A class with fewer real images has no threshold of its own. */
const FEWEST = 5;

export interface Threshold {
  /** NaN where all classes together have too few real images. */
  value: number;
  pooled: boolean;
}

/**
 * A threshold per class: the percentile (0..100, linear interpolation) of its real images' own scores, each of which
 * was measured without itself; that of all real images together for a class with fewer than 5. Never a number from
 * elsewhere: the cosines of another model, or of other pictures, lie elsewhere.
 *
 * @param seedScores scores of the real images by class
 */
export function thresholdsOf(seedScores: readonly (readonly number[])[], percentile: number): Threshold[] {
  const quantile = (values: readonly number[]): number =>
    values.length < FEWEST ? Number.NaN : quantileSorted(Float64Array.from(values).sort(), percentile / 100);
  const pooled = quantile(seedScores.flat());
  return seedScores.map((values) =>
    values.length < FEWEST ? { value: pooled, pooled: true } : { value: quantile(values), pooled: false },
  );
}

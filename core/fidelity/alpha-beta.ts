import { quantileSorted } from '../base/numeric/percentile.ts';
import { kthWithin, nearestOf, type Distances } from './distances.ts';
import { countOf, meanOf, type Vectors } from './set-vectors.ts';

const LEVELS = 30;

function distancesTo(vectors: Vectors, centre: Float64Array): Float64Array {
  const { data, dimensions } = vectors;
  return Float64Array.from({ length: countOf(vectors) }, (_, i) => {
    let sum = 0;
    for (let d = 0; d < dimensions; d++) sum += (data[i * dimensions + d]! - centre[d]!) ** 2;
    return Math.sqrt(sum);
  });
}

/**
 * Alpha-precision and beta-recall, each as `1 - 2 sum |a - P_a| da` over 30 levels in 0..1 (Alaa et al. 2022), with the
 * mean of the real images as the centre rather than a trained one. `between` is real x generated. 1 = the generated
 * images fill the real ones' shells as the real ones do.
 */
export function alphaBeta(
  real: Vectors,
  generated: Vectors,
  within: Distances,
  between: Distances,
): { alphaPrecision: number; betaRecall: number } {
  const centre = meanOf(real);
  const realRadii = distancesTo(real, centre).sort();
  const generatedRadii = distancesTo(generated, centre);
  const own = kthWithin(within, 1);
  const nearest = nearestOf(between);
  const generatedOwn = distancesTo(generated, meanOf(generated));
  const closest = Float64Array.from(nearest.index, (f) => generatedOwn[f]!);
  const closestSorted = closest.toSorted();
  let precision = 0;
  let recall = 0;
  for (let step = 0; step < LEVELS; step++) {
    const level = step / (LEVELS - 1);
    const radius = quantileSorted(realRadii, level);
    const inside = generatedRadii.filter((value) => value <= radius).length / generatedRadii.length;
    precision += Math.abs(level - inside);
    const generatedRadius = quantileSorted(closestSorted, level);
    let covered = 0;
    for (let r = 0; r < within.rows; r++)
      if (nearest.distance[r]! <= own[r]! && closest[r]! <= generatedRadius) covered++;
    recall += Math.abs(level - covered / within.rows);
  }
  const width = 1 / (LEVELS - 1);
  return { alphaPrecision: 1 - 2 * precision * width, betaRecall: 1 - 2 * recall * width };
}

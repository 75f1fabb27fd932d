import { quantileSorted } from '../base/numeric/percentile.ts';
import { kthWithin, nearestOf, type Distances } from './distances.ts';
import { countOf, meanOf, type Vectors } from './image-set.ts';

export interface Prdc {
  /** Share of generated images inside the ball of some real one. */
  precision: number;
  /** Share of real images inside the ball of some generated one. */
  recall: number;
  /** Mean number of real balls around a generated image, over k; may exceed 1. */
  density: number;
  /** Share of real images with a generated one in their own ball. */
  coverage: number;
}

/**
 * Precision, recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020). A ball's radius is the
 * distance to the k-th nearest of the own set, self excluded; inside means strictly nearer, so exact duplicates have
 * empty balls. `between` is real x generated. Recall depends on how many are generated: compare equal numbers.
 */
export function prdc(real: Distances, generated: Distances, between: Distances, k = 5): Prdc {
  const realRadius = kthWithin(real, k);
  const generatedRadius = kthWithin(generated, k);
  const { rows, columns, data } = between;
  const precise = new Uint8Array(columns);
  let recalled = 0;
  let covered = 0;
  let balls = 0;
  for (let r = 0; r < rows; r++) {
    let isRecalled = 0;
    let isCovered = 0;
    for (let f = 0; f < columns; f++) {
      const distance = data[r * columns + f]!;
      if (distance < realRadius[r]!) {
        precise[f] = 1;
        isCovered = 1;
        balls++;
      }
      if (distance < generatedRadius[f]!) isRecalled = 1;
    }
    recalled += isRecalled;
    covered += isCovered;
  }
  return {
    precision: precise.reduce((a, b) => a + b, 0) / columns,
    recall: recalled / rows,
    density: balls / (k * columns),
    coverage: covered / rows,
  };
}

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

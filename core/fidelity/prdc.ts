import { kthWithin, type Distances } from './distances.ts';

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

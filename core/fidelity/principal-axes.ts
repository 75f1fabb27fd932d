import { covariance, symmetricEigen } from './frechet.ts';
import { countOf, meanOf, type Vectors } from './set-vectors.ts';

/** A rotation onto the directions in which the real images vary most. */
export interface PrincipalAxes {
  dimensions: number;
  project(vectors: Vectors): Vectors;
}

/**
 * The first `most` principal axes of the real images. Moments of few images in many dimensions are rank deficient, so
 * what compares moments works in at most `n / 5` of them.
 */
export function principalAxes(real: Vectors, most: number): PrincipalAxes {
  const mean = meanOf(real);
  const { values, vectors } = symmetricEigen(covariance(real));
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, Math.max(1, most));
  const axes = order.map((column) => Float64Array.from(vectors.getColumn(column)));
  return {
    dimensions: axes.length,
    project(other) {
      const n = countOf(other);
      const data = new Float64Array(n * axes.length);
      for (let i = 0; i < n; i++)
        axes.forEach((axis, a) => {
          let sum = 0;
          for (let d = 0; d < axis.length; d++)
            sum += axis[d]! * (other.data[i * other.dimensions + d]! - mean[d]!);
          data[i * axes.length + a] = sum;
        });
      return { data, dimensions: axes.length };
    },
  };
}

import type { Distances } from './distances.ts';
import { countOf, type Vectors } from './set-vectors.ts';

/** Sums of `kernel` over all pairs of two sets, and over the diagonal. */
function kernelSums(
  a: Vectors,
  b: Vectors,
  kernel: (dot: number, squared: number) => number,
): { all: number; diagonal: number } {
  const { dimensions } = a;
  let all = 0;
  let diagonal = 0;
  for (let i = 0; i < countOf(a); i++)
    for (let j = 0; j < countOf(b); j++) {
      let dot = 0;
      let squared = 0;
      for (let d = 0; d < dimensions; d++) {
        const x = a.data[i * dimensions + d]!;
        const y = b.data[j * dimensions + d]!;
        dot += x * y;
        squared += (x - y) * (x - y);
      }
      const value = kernel(dot, squared);
      all += value;
      if (i === j) diagonal += value;
    }
  return { all, diagonal };
}

/**
 * Kernel distance: the unbiased squared maximum mean discrepancy with `(x.y / d + 1)^3` (Binkowski et al. 2018). Both
 * sets have as many rows; may be below 0. O(n^2 d).
 */
export function kernelDistance(a: Vectors, b: Vectors): number {
  const n = Math.min(countOf(a), countOf(b));
  const kernel = (dot: number): number => (dot / a.dimensions + 1) ** 3;
  const within = [kernelSums(a, a, kernel), kernelSums(b, b, kernel)];
  const cross = kernelSums(a, b, kernel).all / (n * n);
  return within.reduce((sum, { all, diagonal }) => sum + (all - diagonal) / (n * (n - 1)), 0) - 2 * cross;
}

/**
 * 1000 times the biased squared discrepancy with a Gaussian kernel (CMMD, Jayasumana et al. 2024), from the distances
 * within and between two sets. `sigma` is 10 for unit vectors of CLIP, and the median distance between real images for
 * other embedders.
 */
export function discrepancyOfDistances(
  first: Distances,
  second: Distances,
  between: Distances,
  sigma: number,
): number {
  const mean = ({ data }: Distances): number =>
    data.reduce((sum, distance) => sum + Math.exp(-(distance ** 2) / (2 * sigma * sigma)), 0) / data.length;
  return 1000 * (mean(first) + mean(second) - 2 * mean(between));
}

export interface Standardisation {
  mean: Float64Array;
  std: Float64Array;
  /** n x d with mean 0 and standard deviation 1 per dimension. */
  rows: Float32Array;
}

/** Smaller spreads than this share of the usual one are noise, and would be blown up by dividing. */
const SMALLEST_SPREAD = 0.01;

/**
 * Standardises n x d embeddings per dimension. The standard deviation (over n) is floored at a hundredth of its root
 * mean square over the dimensions, and is 1 when no dimension varies.
 */
export function standardise(embeddings: Float32Array, n: number, d: number): Standardisation {
  const mean = new Float64Array(d);
  const std = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] = mean[j]! + embeddings[i * d + j]! / n;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) std[j] = std[j]! + (embeddings[i * d + j]! - mean[j]!) ** 2 / n;
  }
  const usual = Math.sqrt(std.reduce((sum, variance) => sum + variance, 0) / d);
  for (let j = 0; j < d; j++) std[j] = Math.max(Math.sqrt(std[j]!), SMALLEST_SPREAD * usual) || 1;
  const rows = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) rows[i * d + j] = (embeddings[i * d + j]! - mean[j]!) / std[j]!;
  }
  return { mean, std, rows };
}

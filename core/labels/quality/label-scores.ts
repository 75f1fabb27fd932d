import type { Labelled } from './labelled.ts';

/** `p[y]`, 0..1, low = suspect (Northcutt et al. 2021). */
export function selfConfidence({ classes, probabilities, given }: Labelled): Float64Array {
  return Float64Array.from(given, (label, row) => probabilities[row * classes + label]!);
}

/** `(p[y] - max over other classes + 1) / 2`, 0..1, low = suspect; NaN with a single class. */
export function normalizedMargin({ classes, probabilities, given }: Labelled): Float64Array {
  return Float64Array.from(given, (label, row) => {
    let other = -Infinity;
    for (let k = 0; k < classes; k++)
      if (k !== label) other = Math.max(other, probabilities[row * classes + k]!);
    return classes < 2 ? Number.NaN : (probabilities[row * classes + label]! - other + 1) / 2;
  });
}

const SMALLEST = 1e-6;

/**
 * `ln(1 + x) / x` with `x` the normalised entropy over `max(p[y], 1e-6)`; 0..1, low = suspect. The limit for x -> 0 is
 * 1: the reference clips only the denominator and so gives a perfectly confident, right label the score 0.
 */
export function confidenceWeightedEntropy({ classes, probabilities, given }: Labelled): Float64Array {
  return Float64Array.from(given, (label, row) => {
    let entropy = 0;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[row * classes + k]!;
      if (p > 0) entropy -= p * Math.log(p);
    }
    const x = entropy / Math.log(classes) / Math.max(probabilities[row * classes + label]!, SMALLEST);
    return x < SMALLEST ? 1 : Math.log1p(x) / x;
  });
}

/**
 * Probabilities with each class moved by its threshold, `(p_k - t_k + max t) / sum`, so that classes on which the model
 * is over-confident do not look better than others. Not for the confidence-weighted entropy.
 */
export function adjusted(labelled: Labelled, thresholds: Float64Array): Labelled {
  const { classes, probabilities } = labelled;
  const highest = thresholds.reduce((a, b) => Math.max(a, b), -Infinity);
  const moved = new Float64Array(probabilities.length);
  for (let start = 0; start < probabilities.length; start += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++)
      sum += moved[start + k] = probabilities[start + k]! - thresholds[k]! + highest;
    for (let k = 0; k < classes; k++) moved[start + k]! /= sum;
  }
  return { ...labelled, probabilities: moved };
}

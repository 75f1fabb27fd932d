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

/**
 * Probabilities with each class moved by its threshold, `(p_k - t_k + max t) / sum`, so that classes on which the model
 * is over-confident do not look better than others.
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

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

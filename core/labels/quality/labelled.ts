/**
 * Labelled images with out-of-sample probabilities: `probabilities` is row-major, n x classes, each row summing to 1;
 * `given` holds class indices. What every method of this folder starts from (methods of confident learning).
 */
export interface Labelled {
  classes: number;
  probabilities: Float64Array;
  given: Int32Array;
}

/** How little the given class must trail the best one to count as equal to it. */
const TIE = 1e-6;

/** The most probable class of a row, the given one winning what is all but a tie. */
export function predicted({ classes, probabilities, given }: Labelled, row: number): number {
  const start = row * classes;
  let best = 0;
  let bestValue = -Infinity;
  for (let k = 0; k < classes; k++) {
    const value = probabilities[start + k]! + (k === given[row] ? TIE : 0);
    if (value > bestValue) {
      best = k;
      bestValue = value;
    }
  }
  return best;
}

/** Images per given class. */
export function classCounts({ classes, given }: Labelled): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of given) counts[label]!++;
  return counts;
}

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

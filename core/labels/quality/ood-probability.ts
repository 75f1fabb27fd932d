import { entropy } from '../../base/numeric/entropy.ts';
import { softmaxRows } from '../../base/numeric/softmax.ts';

/** Classes that the generalised entropy looks at, and its exponent. */
const MOST_CLASSES = 100;
const EXPONENT = 0.1;

/**
 * Out-of-distribution scores of n x classes probabilities, 0..1, low = outlying (cleanlab's `OutOfDistribution` on
 * `pred_probs`): `entropy` is `1 - H / ln K` and `confidence` the largest one, both of probabilities that were adjusted
 * by the class thresholds (label-scores.ts); `gen` the generalised entropy of Liu, Lochman, Zach 2023 over the 100
 * likeliest of the softmax of probabilities as they are. NaN stays NaN; with a single class `entropy` is 1.
 */
export function oodFromProbabilities(
  probabilities: Float64Array,
  classes: number,
  method: 'entropy' | 'confidence' | 'gen',
): Float64Array {
  const rows = probabilities.length / classes;
  if (method === 'gen') return generalisedEntropy(probabilities, classes);
  return Float64Array.from({ length: rows }, (_, i) => {
    if (method === 'confidence')
      return probabilities
        .subarray(i * classes, (i + 1) * classes)
        .reduce((a, b) => Math.max(a, b), -Infinity);
    const nats = entropy(probabilities, i * classes, classes);
    return classes > 1 ? Math.max(0, 1 - nats / Math.log(classes)) : 1 - nats;
  });
}

function generalisedEntropy(probabilities: Float64Array, classes: number): Float64Array {
  const soft = softmaxRows(probabilities, classes);
  const terms = Math.min(MOST_CLASSES, classes);
  return Float64Array.from({ length: probabilities.length / classes }, (_, i) => {
    const likeliest = soft
      .slice(i * classes, (i + 1) * classes)
      .sort()
      .subarray(classes - terms);
    return 1 - likeliest.reduce((sum, q) => sum + (q * (1 - q)) ** EXPONENT, 0) / terms;
  });
}

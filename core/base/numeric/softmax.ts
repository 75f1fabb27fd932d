/**
 * Softmax of each row of n x classes logits divided by `temperature`; a row of NaN stays NaN.
 * The row's largest logit is taken off first, so that no exponential overflows.
 */
export function softmaxRows(logits: Float64Array, classes: number, temperature = 1): Float64Array {
  const out = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = -Infinity;
    for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[start + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const e = Math.exp((logits[start + k]! - largest) / temperature);
      out[start + k] = e;
      sum += e;
    }
    for (let k = 0; k < classes; k++) out[start + k] = out[start + k]! / sum;
  }
  return out;
}

/** Shares of each class, by row, for rows whose target is more than one class. */
export type SoftLabels = ReadonlyMap<number, Float64Array>;

/**
 * Mean over the rows of -ln softmax(logits / temperature)[label], in nats; of rows with soft labels the mean over these.
 * Rows with a label below 0 are left out. NaN when no row is left.
 */
export function crossEntropy(
  logits: Float64Array,
  labels: Int32Array,
  classes: number,
  temperature = 1,
  soft?: SoftLabels,
): number {
  let total = 0;
  let counted = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0) continue;
    const start = i * classes;
    let largest = -Infinity;
    for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[start + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp((logits[start + k]! - largest) / temperature);
    const shares = soft?.get(i);
    const target = shares
      ? shares.reduce((mean, share, k) => mean + share * logits[start + k]!, 0)
      : logits[start + label]!;
    total += Math.log(sum) - (target - largest) / temperature;
    counted++;
  }
  return counted === 0 ? Number.NaN : total / counted;
}

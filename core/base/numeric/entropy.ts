/** Shannon entropy in nats of one row of probabilities, with 0 ln 0 = 0; NaN when a probability is NaN. */
export function entropy(probabilities: Float64Array, start: number, classes: number): number {
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    const p = probabilities[start + k]!;
    if (p !== 0) sum -= p * Math.log(p);
  }
  return sum;
}

/**
 * Mutual information in nats between the label and the choice of the model, for one row:
 * H(mean of the members) - mean of H(member), never below 0 (Houlsby et al. 2011, "BALD").
 *
 * @param members each n x classes
 * @param start offset of the row in every member
 */
export function mutualInformation(members: Float64Array[], start: number, classes: number): number {
  const mean = new Float64Array(classes);
  let within = 0;
  for (const member of members) {
    for (let k = 0; k < classes; k++) mean[k] = mean[k]! + member[start + k]! / members.length;
    within += entropy(member, start, classes) / members.length;
  }
  return Math.max(0, entropy(mean, 0, classes) - within);
}

/** The largest and the second largest probability of one row; NaN when a probability is NaN. */
export function topTwo(probabilities: Float64Array, start: number, classes: number): [number, number] {
  let first = -Infinity;
  let second = -Infinity;
  for (let k = 0; k < classes; k++) {
    const p = probabilities[start + k]!;
    if (Number.isNaN(p)) return [Number.NaN, Number.NaN];
    if (p > first) {
      second = first;
      first = p;
    } else if (p > second) second = p;
  }
  return [first, second];
}

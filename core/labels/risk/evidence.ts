/** What label risk is estimated from before anybody has decided anything: n values per column, NaN where unknown. */
export interface Evidence {
  n: number;
  /** ln p[y] - ln p[k], k the likeliest other class: how the label model stands to the given label y. */
  margin: Float64Array;
  /** Share of the look-alikes with the given label. */
  agreement: Float64Array;
  /** Share of the look-alikes with the commonest other label. */
  rivalAgreement: Float64Array;
  /** ln of the distance to the given class over the distance to the nearest other class. */
  classDistance: Float64Array;
  /** Squared distance to the given class's cloud less that to the cloud of everything (class-clouds.ts). */
  cloudDistance: Float64Array;
  /** The same less that to the nearest other class's cloud. */
  discriminant: Float64Array;
  /** Lead of the given class over the best other one by kernel ridge regression (kernel-ridge.ts). */
  kernelMargin: Float64Array;
}

export const EVIDENCE = [
  'margin',
  'agreement',
  'rivalAgreement',
  'classDistance',
  'cloudDistance',
  'discriminant',
  'kernelMargin',
] as const;

/** Probabilities below this are rounding, not knowledge. */
const LEAST = 1e-4;
const LARGEST_MARGIN = 9;

/**
 * Evidence from stored scores. `normalizedMargin` is (p[y] - p[k] + 1) / 2, so that p[k] follows from it and
 * `selfConfidence`.
 */
export function evidenceOf({
  selfConfidence,
  normalizedMargin,
  ...others
}: Omit<Evidence, 'n' | 'margin'> & {
  selfConfidence: Float64Array;
  normalizedMargin: Float64Array;
}): Evidence {
  return {
    ...others,
    n: selfConfidence.length,
    margin: selfConfidence.map((own, i) => logMargin(own, own - (2 * normalizedMargin[i]! - 1))),
  };
}

/** ln own - ln rival, of probabilities; at most 9 in size. */
export function logMargin(own: number, rival: number): number {
  const margin = Math.log((own + LEAST) / (Math.max(rival, 0) + LEAST));
  return Math.max(-LARGEST_MARGIN, Math.min(LARGEST_MARGIN, margin));
}

/** Rows of evidence as one matrix, n x 7, NaN kept. */
export function evidenceRows(evidence: Evidence): Float64Array {
  const rows = new Float64Array(evidence.n * EVIDENCE.length);
  for (const [c, name] of EVIDENCE.entries())
    evidence[name].forEach((value, i) => (rows[i * EVIDENCE.length + c] = value));
  return rows;
}

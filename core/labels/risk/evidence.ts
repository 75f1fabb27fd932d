/** What label risk is estimated from before anybody has decided anything: n values per column, NaN where unknown. */
export interface Evidence {
  n: number;
  /** ln p[y] - ln p[k], k the likeliest other class: how the label model rates the given label y. */
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

/** The scores that hold the evidence; the margin is in the first two. */
const SCORES = {
  selfConfidence: 'self-confidence',
  normalizedMargin: 'normalized-margin',
  agreement: 'neighbour-agreement',
  rivalAgreement: 'neighbour-rival',
  classDistance: 'class-distance',
  cloudDistance: 'relative-mahalanobis',
  discriminant: 'class-discriminant',
  kernelMargin: 'kernel-margin',
} as const;
export const EVIDENCE_SCORES: readonly string[] = Object.values(SCORES);

/** Evidence from `EVIDENCE_SCORES`, columns by score id. */
export function evidenceFrom(columns: ReadonlyMap<string, Float64Array>): Evidence {
  const of = (name: keyof typeof SCORES): Float64Array => columns.get(SCORES[name])!;
  const normalizedMargin = of('normalizedMargin');
  return {
    n: normalizedMargin.length,
    // It is (p[y] - p[k] + 1) / 2, so p[k] follows from it and p[y].
    margin: of('selfConfidence').map((own, i) => logMargin(own, own - (2 * normalizedMargin[i]! - 1))),
    agreement: of('agreement'),
    rivalAgreement: of('rivalAgreement'),
    classDistance: of('classDistance'),
    cloudDistance: of('cloudDistance'),
    discriminant: of('discriminant'),
    kernelMargin: of('kernelMargin'),
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

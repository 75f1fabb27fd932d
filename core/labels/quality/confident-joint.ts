import { classCounts, type Labelled } from './labelled.ts';

/** A class without images is never confident. */
const NEVER = 2;

/** Mean probability of a class over the images given that class; 2 for a class without images, at least 2e-6. */
export function classThresholds(labelled: Labelled): Float64Array {
  const { classes, probabilities, given } = labelled;
  const sums = new Float64Array(classes);
  given.forEach((label, row) => (sums[label]! += probabilities[row * classes + label]!));
  const counts = classCounts(labelled);
  return sums.map((sum, k) => (counts[k] === 0 ? NEVER : Math.max(sum / counts[k]!, 2e-6)));
}

export interface ConfidentJoint {
  /** classes x classes, row = given, column = likely true; counts, every diagonal at least 1. */
  counts: Float64Array;
  /** The class that each image is confidently counted as, -1 where it is not counted. */
  guess: Int32Array;
}

/** Counts of given against confidently other classes (Northcutt et al. 2021, the confident joint before calibration). */
export function confidentJoint(labelled: Labelled, thresholds = classThresholds(labelled)): ConfidentJoint {
  const { classes, probabilities, given } = labelled;
  const counts = new Float64Array(classes * classes);
  const guess = Int32Array.from(given, (label, row) => {
    let best = -1;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[row * classes + k]!;
      if (p < thresholds[k]! - 1e-6) continue;
      if (best < 0 || p > probabilities[row * classes + best]!) best = k;
    }
    if (best >= 0) counts[label * classes + best]!++;
    return best;
  });
  for (let k = 0; k < classes; k++) counts[k * classes + k] = Math.max(counts[k * classes + k]!, 1);
  return { counts, guess };
}

/** The joint scaled so that each row has as many images as the class was given, in whole images. */
export function calibrated({ counts }: ConfidentJoint, given: Int32Array): Float64Array {
  const classes = Math.sqrt(counts.length);
  const joint = new Float64Array(counts.length);
  for (let row = 0; row < classes; row++) {
    const part = counts.subarray(row * classes, (row + 1) * classes);
    const sum = part.reduce((a, b) => a + b, 0);
    joint.set(roundKeepingSum(part.map((value) => (value * given[row]!) / sum)), row * classes);
  }
  return joint;
}

/** Rounds half to even, then moves the values furthest from their rounding by 1 until the rounded total holds. */
export function roundKeepingSum(values: Float64Array): Float64Array {
  const rounded = values.map(roundHalfEven);
  let missing = roundHalfEven(values.reduce((a, b) => a + b, 0)) - rounded.reduce((a, b) => a + b, 0);
  const step = Math.sign(missing);
  const order = [...values.keys()].sort(
    (a, b) => step * (values[b]! - rounded[b]! - (values[a]! - rounded[a]!)) || a - b,
  );
  for (let i = 0; missing !== 0; i = (i + 1) % order.length, missing -= step) rounded[order[i]!]! += step;
  return rounded;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export interface NoiseEstimate {
  /** Share of each true class, `p(y)`. */
  truePriors: Float64Array;
  /** classes x classes, row = given, column = true: `p(given | true)`. */
  noise: Float64Array;
  /** classes x classes, row = true, column = given: `p(true | given)`. */
  inverse: Float64Array;
  /** Share of all images whose label is estimated to be wrong. */
  share: number;
}

const LEAST = 1e-6;

/** Latent estimates from a calibrated joint: how often each class is mistaken for which other. */
export function noiseOf(joint: Float64Array): NoiseEstimate {
  const classes = Math.sqrt(joint.length);
  const at = (given: number, truth: number): number => joint[given * classes + truth]!;
  const range = [...Array(classes).keys()];
  const total = joint.reduce((a, b) => a + b, 0);
  const rowSums = range.map((s) => range.reduce((sum, y) => sum + at(s, y), 0));
  const columnSums = range.map((y) => range.reduce((sum, s) => sum + at(s, y), 0));
  const noise = new Float64Array(joint.length);
  const inverse = new Float64Array(joint.length);
  for (const s of range)
    for (const y of range) {
      noise[s * classes + y] = columnSums[y]! > 0 ? at(s, y) / columnSums[y]! : 0;
      inverse[y * classes + s] = rowSums[s]! > 0 ? at(s, y) / rowSums[s]! : 0;
    }
  const priors = Float64Array.from(range, (k) => {
    const stay = noise[k * classes + k]!;
    return stay > 0 ? (inverse[k * classes + k]! / stay) * (rowSums[k]! / total) : 0;
  }).map((p) => Math.min(1, Math.max(LEAST, p)));
  const sum = priors.reduce((a, b) => a + b, 0);
  const right = range.reduce((trace, k) => trace + at(k, k), 0);
  return { truePriors: priors.map((p) => p / sum), noise, inverse, share: 1 - right / total };
}

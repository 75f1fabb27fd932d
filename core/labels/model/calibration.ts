import { minimise } from '../../base/numeric/brent.ts';
import { crossEntropy, type SoftLabels } from '../../base/numeric/softmax.ts';

const COLDEST = 0.05;
const HOTTEST = 20;
const BINS = 15;

/**
 * The temperature in .05..20 that makes softmax(logits / T) fit the labels best in log-loss (Guo et al. 2017). Rows
 * labelled below 0 are left out. Where every counted row is right the log-loss falls for ever towards T = 0, which says
 * nothing of confidence: such logits keep T = 1, and so do those without a counted row.
 */
export function fitTemperature(
  logits: Float64Array,
  labels: Int32Array,
  classes: number,
  soft?: SoftLabels,
): number {
  if (accuracyOf(logits, labels, classes) < 1) {
    const best = minimise(
      (lnT) => crossEntropy(logits, labels, classes, Math.exp(lnT), soft),
      Math.log(COLDEST),
      Math.log(HOTTEST),
    );
    return Math.exp(best);
  }
  return 1;
}

/** The share of counted rows (label 0 or above) whose largest entry is the label; 1 when none is counted. */
export function accuracyOf(rows: Float64Array, labels: Int32Array, classes: number): number {
  let right = 0;
  let counted = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0) continue;
    counted++;
    if (argmax(rows, i * classes, classes) === labels[i]) right++;
  }
  return counted === 0 ? 1 : right / counted;
}

/** Expected calibration error: 15 equal bins (low, high] of the top probability, |accuracy - confidence| by weight. */
export function expectedCalibrationError(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
): number {
  const right = new Float64Array(BINS);
  const confidence = new Float64Array(BINS);
  let counted = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0) continue;
    counted++;
    const top = argmax(probabilities, i * classes, classes);
    const p = probabilities[i * classes + top]!;
    const bin = Math.ceil(p * BINS) - 1;
    confidence[bin] = confidence[bin]! + p;
    if (top === labels[i]) right[bin] = right[bin]! + 1;
  }
  let gap = 0;
  for (let b = 0; b < BINS; b++) gap += Math.abs(right[b]! - confidence[b]!);
  return counted === 0 ? Number.NaN : gap / counted;
}

/** Brier score: mean over the counted rows of the squared distance between probabilities and one-hot label, 0..2. */
export function brierScore(probabilities: Float64Array, labels: Int32Array, classes: number): number {
  let sum = 0;
  let counted = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0) continue;
    counted++;
    for (let k = 0; k < classes; k++) {
      sum += (probabilities[i * classes + k]! - (k === labels[i] ? 1 : 0)) ** 2;
    }
  }
  return counted === 0 ? Number.NaN : sum / counted;
}

function argmax(rows: Float64Array, start: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (rows[start + k]! > rows[start + best]!) best = k;
  return best;
}

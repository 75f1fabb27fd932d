import type { Metric } from '../../../rpc/contract/experiments.ts';
import type { Scorer } from './bootstrap.ts';

/** What a model says of each hold-out image. */
export interface Answers {
  /** Class of each image. */
  predicted: Int32Array;
  /** Probability of that class, 0..1; null where the model gives none. */
  confidence: Float32Array | null;
}

/** Null where it cannot be computed: no probabilities, or no image. */
export type Metrics = Record<Metric, number | null>;

/** What cannot be computed. */
export const NOTHING: Metrics = {
  accuracy: null,
  macroF1: null,
  worstClass: null,
  calibrationError: null,
  meanAp: null,
};

const BINS = 15;

/** Images of a hold-out, each as often as it counts. */
export interface Weighed {
  /** Images that count at all, and how often. */
  images: Int32Array;
  weights: Float64Array;
  /** By class, by weight. */
  actual: Float64Array;
  total: number;
}

/** Counts images by weight. */
export function weigh(truth: Int32Array, classes: number, weights: Uint16Array): Weighed {
  const images = Int32Array.from(truth.keys()).filter((i) => weights[i]! > 0);
  const actual = new Float64Array(classes);
  for (const i of images) actual[truth[i]!]! += weights[i]!;
  return {
    images,
    weights: Float64Array.from(images, (i) => weights[i]!),
    actual,
    total: actual.reduce((sum, weight) => sum + weight, 0),
  };
}

/** The answers of one model, ready to be scored many times under other weights. */
export class Scored implements Scorer<Weighed> {
  /** Room for the counts of one scoring. */
  readonly #counts: { right: Float64Array; said: Float64Array; gap: Float64Array };
  readonly #predicted: Int32Array;
  /** The class of an image that is right, else one more than there are. */
  readonly #right: Int32Array;
  /** Bin of the confidence, and right (1 or 0) less confidence. */
  readonly #bin: Uint8Array | null;
  readonly #excess: Float64Array | null;

  constructor({ predicted, confidence }: Answers, truth: Int32Array, classes: number) {
    this.#counts = {
      right: new Float64Array(classes + 1),
      said: new Float64Array(classes),
      gap: new Float64Array(BINS),
    };
    this.#predicted = predicted;
    this.#right = truth.map((label, i) => (predicted[i] === label ? label : classes));
    this.#bin =
      confidence &&
      Uint8Array.from(confidence, (p) => Math.min(BINS - 1, Math.max(0, Math.ceil(p * BINS) - 1)));
    this.#excess =
      confidence && Float64Array.from(confidence, (p, i) => Number(this.#right[i]! < classes) - p);
  }

  /**
   * Accuracy is the share of right answers; macro-F1 the mean F1 of the classes that there are; the worst class the
   * lowest recall among them; the calibration error that of Guo et al. (ICML 2017), with 15 equal bins (low, high] of the
   * confidence.
   */
  score({ images, weights, actual, total }: Weighed): Metrics {
    const right = this.#counts.right.fill(0);
    const said = this.#counts.said.fill(0);
    const gap = this.#counts.gap.fill(0);
    for (let at = 0; at < images.length; at++) {
      const i = images[at]!;
      const weight = weights[at]!;
      said[this.#predicted[i]!]! += weight;
      right[this.#right[i]!]! += weight;
      if (this.#bin) gap[this.#bin[i]!]! += weight * this.#excess![i]!;
    }
    let all = 0;
    let f1 = 0;
    let present = 0;
    let worst = 1;
    for (let k = 0; k < actual.length; k++) {
      if (actual[k] === 0) continue;
      present++;
      all += right[k]!;
      f1 += (2 * right[k]!) / (actual[k]! + said[k]!);
      worst = Math.min(worst, right[k]! / actual[k]!);
    }
    if (present === 0) return NOTHING;
    return {
      ...NOTHING,
      accuracy: all / total,
      macroF1: f1 / present,
      worstClass: worst,
      calibrationError: this.#bin && gap.reduce((sum, each) => sum + Math.abs(each), 0) / total,
    };
  }
}

/** The largest entry of each row of n x classes, and the number of its column: the first of equals. */
export function answersOf(probabilities: Float64Array, classes: number): Answers {
  const n = probabilities.length / classes;
  const predicted = new Int32Array(n);
  const confidence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (probabilities[i * classes + k]! > probabilities[i * classes + best]!) best = k;
    predicted[i] = best;
    confidence[i] = probabilities[i * classes + best]!;
  }
  return { predicted, confidence };
}

import type { HoldoutQuality } from '../../rpc/contract/reports.ts';
import { rateInterval } from '../review/audit/audit.ts';

const BINS = 15;
const CONFIDENCE = 0.95;

/**
 * Accuracy with its exact interval, and expected calibration error `sum_b n_b / n |accuracy_b - confidence_b|` (Guo et
 * al. 2017), of predictions of labelled hold-out images. Null without one.
 */
export function holdoutQuality(
  predictions: readonly { right: 0 | 1; probability: number }[],
  run: number,
  model: string,
): HoldoutQuality | null {
  const images = predictions.length;
  if (images === 0) return null;
  const gaps = new Float64Array(BINS);
  let right = 0;
  for (const { right: isRight, probability } of predictions) {
    right += isRight;
    gaps[Math.min(BINS - 1, Math.floor(probability * BINS))]! += isRight - probability;
  }
  return {
    run,
    model,
    images,
    accuracy: right / images,
    interval: rateInterval(right, images, CONFIDENCE),
    calibrationError: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / images,
  };
}

import { defineScore } from './define.ts';

/**
 * CleanVision's size score of a side length sqrt(w h), given the quartiles of the run: 1 in the middle of the fences
 * Q1 - 3 IQR and Q3 + 3 IQR, .5 at a fence, 0 at twice that distance. Where all sizes are alike (IQR 0) the distance
 * counts relative to that size, and every other size is flagged.
 */
export function sizeScore(side: number, q1: number, q3: number): number {
  const low = q1 - 3 * (q3 - q1);
  const high = q3 + 3 * (q3 - q1);
  const middle = (low + high) / 2;
  return 1 - Math.min(1, Math.abs(side - middle) / (high > low ? high - low : middle));
}

/**
 * With an IQR of 0 CleanVision raises its threshold from .5 to 1. Here the score of an odd one is halved instead: the
 * same images are flagged, and one threshold holds for every run.
 */
export default defineScore({
  id: 'odd-size',
  title: 'Usual size',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['width', 'height', 'sizeQ1', 'sizeQ3'],
  meaning: 'it is much larger or smaller than the other images of the run',
  source: 'CleanVision: distance from the middle of the 3 IQR fences of sqrt(w h)',
  threshold: 0.5,
  ranking: { stratum: 'damaged', by: 'threshold' },
  reason: 'ranked',
  value: ({ width, height, sizeQ1, sizeQ3 }, i) => {
    const score = sizeScore(Math.sqrt(width[i]! * height[i]!), sizeQ1, sizeQ3);
    return sizeQ3 > sizeQ1 || score === 1 ? score : score / 2;
  },
});

import { defineScore } from './define.ts';

/** Histograms less uneven than this say nothing of sharpness. */
const EVEN_HISTOGRAM = 0.18;

/** Sharpness of `edgeStd` and `histogramStd` as imaging measures them, 0 (blurred) to 1. */
export function sharpness(edgeStd: number, histogramStd: number): number {
  const histogram = -Math.expm1(-0.01 * histogramStd);
  return Math.min(1, -Math.expm1(-0.01 * edgeStd) + (histogram > EVEN_HISTOGRAM ? histogram : 0));
}

export default defineScore({
  id: 'blurry',
  title: 'Sharpness',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['pixels'],
  meaning: 'it has hardly any edges: blurred or empty',
  source: 'CleanVision: spread of the edges plus spread of the histogram of the picture shrunk to 64 pixels',
  threshold: 0.29,
  value: ({ pixels }, i) => sharpness(pixels[i]!.edgeStd, pixels[i]!.histogramStd),
});

import { defineScore } from './define.ts';

/** Targets are 0 and 1: what is farther apart than this is extrapolation. */
const MOST = 2;

export default defineScore({
  id: 'kernel-margin',
  title: 'Lead of its class among look-alikes',
  group: 'label',
  suspect: 'low',
  range: [-MOST, MOST],
  unit: '',
  needs: ['kernelMargin'],
  meaning: 'images that look like it, real and generated, are given another class',
  source: 'Kernel ridge regression without the image’s own label (core/measure/kernel-ridge.ts)',
  threshold: 0,
  value: ({ kernelMargin }, i) => Math.max(-MOST, Math.min(MOST, kernelMargin[i]!)),
});

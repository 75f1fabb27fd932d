import { defineScore } from './define.ts';

export default defineScore({
  id: 'grayscale',
  title: 'Colour',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['pixels'],
  meaning: 'it has no colour',
  source: 'CleanVision: colour mode, and R = G = B in every pixel besides',
  threshold: 1,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true },
  reason: 'ranked',
  value: ({ pixels }, i) => (pixels[i]!.singleChannel || pixels[i]!.greyPixels ? 0 : 1),
});

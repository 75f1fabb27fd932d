import { defineScore } from './define.ts';

export default defineScore({
  id: 'low-information',
  title: 'Information',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['pixels'],
  meaning: 'its pixels hold hardly any information: a flat or empty picture',
  source: 'CleanVision: a tenth of the entropy of the histogram, in bits',
  threshold: 0.3,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true, standIn: true },
  reason: 'ranked',
  value: ({ pixels }, i) => Math.min(1, 0.1 * pixels[i]!.entropyBits),
});

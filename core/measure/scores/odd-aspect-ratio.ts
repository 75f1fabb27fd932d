import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'odd-aspect-ratio',
  title: 'Shorter side over longer side',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['size'],
  meaning: 'it is much longer than wide, or the other way round',
  source: 'CleanVision: min(w / h, h / w)',
  threshold: 0.35,
  ranking: { stratum: 'damaged', by: 'threshold' },
  reason: 'ranked',
  compute: ({ n, width, height }) =>
    perRow(n, (i) => Math.min(width[i]! / height[i]!, height[i]! / width[i]!)),
});

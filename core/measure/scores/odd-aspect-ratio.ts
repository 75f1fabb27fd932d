import { defineScore } from './define.ts';

export default defineScore({
  id: 'odd-aspect-ratio',
  title: 'Shorter side over longer side',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['width', 'height'],
  meaning: 'it is much longer than wide, or the other way round',
  source: 'CleanVision: min(w / h, h / w)',
  threshold: 0.35,
  ranking: { stratum: 'damaged', by: 'threshold' },
  reason: 'ranked',
  value: ({ width, height }, i) => Math.min(width[i]! / height[i]!, height[i]! / width[i]!),
});

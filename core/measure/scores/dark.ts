import { defineScore } from './define.ts';

export default defineScore({
  id: 'dark',
  title: 'Brightness of the bright end',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['pixels'],
  meaning: 'even its brightest pixels are dark',
  source: 'CleanVision: 99th percentile of perceived brightness',
  threshold: 0.32,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true, standIn: true },
  reason: 'ranked',
  value: ({ pixels }, i) => pixels[i]!.brightnessP99,
});

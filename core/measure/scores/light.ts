import { defineScore } from './define.ts';

export default defineScore({
  id: 'light',
  title: 'Darkness of the dark end',
  group: 'picture',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['pixels'],
  meaning: 'even its darkest pixels are bright',
  source: 'CleanVision: 1 - 5th percentile of perceived brightness',
  threshold: 0.05,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true, standIn: true },
  reason: 'ranked',
  value: ({ pixels }, i) => 1 - pixels[i]!.brightnessP5,
});

import { defineScore } from '../../../../core/measure/scores/define.ts';

/** A score on known facts: this file and its golden are all that it takes. */
export default defineScore({
  id: 'newcomer-glare',
  title: 'Glare',
  group: 'picture',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['pixels'],
  meaning: 'its brightest pixels are bright',
  source: 'A toy',
  threshold: 0,
  ranking: { stratum: 'damaged', by: 'threshold' },
  reason: 'ranked',
  value: ({ pixels }, i) => pixels[i]!.brightnessP99,
});

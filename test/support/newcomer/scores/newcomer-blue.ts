import { defineScore } from '../../../../core/measure/scores/define.ts';

export default defineScore({
  id: 'newcomer-blue',
  title: 'Blueness',
  group: 'picture',
  suspect: 'high',
  range: [0, 1],
  unit: 'share',
  column: 'blueShare',
  meaning: 'most of its light is blue',
  source: 'A toy',
  threshold: null,
  ranking: { stratum: 'uncertain', by: 'value' },
  reason: 'rare',
});

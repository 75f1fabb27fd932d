import { defineScore } from './define.ts';
import { novelty } from './novelty.ts';

export default defineScore({
  id: 'novelty-all',
  title: 'Novelty against all real images',
  group: 'novelty',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['seedDistance', 'noveltyScale'],
  meaning: 'far from every real image',
  source: 'Kuan and Mueller 2022: 1 - exp(-mean distance to k neighbours / its median among the real images)',
  threshold: null,
  reason: 'rare',
  value: ({ seedDistance, noveltyScale }, i) => novelty(seedDistance[i]!, noveltyScale),
});

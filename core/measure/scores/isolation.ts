import { defineScore } from './define.ts';
import { novelty } from './novelty.ts';

/** Generated images often differ from the real ones as a whole; this finds those that differ from both. */
export default defineScore({
  id: 'isolation',
  title: 'Distance to every other image',
  group: 'novelty',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['poolDistance', 'poolScale'],
  meaning: 'far from every other image, real or of its own batch',
  source: 'Ramaswamy et al. 2000 (distance to k neighbours), scaled as Kuan and Mueller 2022',
  threshold: null,
  ranking: {
    stratum: 'novel',
    by: 'outlying',
    // 1 - exp(-a / s) back to the distance a / s.
    scale: (value) => -Math.log(Math.max(1 - value, Number.EPSILON)),
  },
  reason: 'rare',
  value: ({ poolDistance, poolScale }, i) => novelty(poolDistance[i]!, poolScale),
});

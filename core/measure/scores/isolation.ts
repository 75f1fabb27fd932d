import { defineScore } from './define.ts';
import { novelty } from './novelty.ts';
import { perRow } from './rows.ts';

/** Generated images often differ from the real ones as a whole; this finds those that differ from both. */
export default defineScore({
  id: 'isolation',
  title: 'Isolation among all images',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['neighbours'],
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
  compute: ({ n, run, poolDistance }) => perRow(n, (i) => novelty(poolDistance[i]!, run.poolScale)),
});

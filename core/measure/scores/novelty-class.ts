import { defineScore } from './define.ts';
import { novelty } from './novelty.ts';

/** A class with too few real images to have a scale of its own borrows that of the whole seed. */
export default defineScore({
  id: 'novelty-class',
  title: 'Novelty against the real images of its class',
  group: 'novelty',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['given', 'givenClassDistance', 'noveltyScale', 'noveltyScaleOfClass'],
  meaning: 'far from the real images of the given class',
  source: 'Kuan and Mueller 2022, within the given class',
  threshold: null,
  ranking: {
    stratum: 'novel',
    by: 'outlying',
    withinClass: true,
    // 1 - exp(-a / s) back to the distance a / s.
    scale: (value) => -Math.log(Math.max(1 - value, Number.EPSILON)),
  },
  reason: 'rare',
  aboutLabel: true,
  value: ({ given, givenClassDistance, noveltyScale, noveltyScaleOfClass }, i) => {
    const own = noveltyScaleOfClass[given[i]!]!;
    return novelty(givenClassDistance[i]!, Number.isNaN(own) ? noveltyScale : own);
  },
});

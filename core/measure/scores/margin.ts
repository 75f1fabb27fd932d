import { topTwo } from '../../base/numeric/entropy.ts';
import { defineScore } from './define.ts';

export default defineScore({
  id: 'margin',
  title: 'Lead of the likeliest class',
  group: 'model',
  suspect: 'low',
  range: [0, 1],
  unit: 'probability',
  needs: ['probabilities'],
  meaning: 'two classes are about equally likely',
  source: 'Scheffer et al. 2001: p(1) - p(2)',
  threshold: null,
  ranking: { stratum: 'uncertain', by: 'value' },
  reason: 'rare',
  value: ({ probabilities, classes }, i) => {
    const [first, second] = topTwo(probabilities, i * classes, classes);
    return first - Math.max(second, 0);
  },
});

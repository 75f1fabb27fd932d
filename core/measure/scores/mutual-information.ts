import { mutualInformation } from '../../base/numeric/entropy.ts';
import { defineScore } from './define.ts';

/** Divided by ln K like `entropy`, of which it is the part that more real images could remove. */
export default defineScore({
  id: 'mutual-information',
  title: 'Disagreement among label models',
  group: 'model',
  suspect: 'high',
  range: [0, 1],
  unit: 'fraction of ln K',
  needs: ['ensemble'],
  meaning: 'label models trained on different halves of the real images disagree',
  source: 'Houlsby et al. 2011: H(mean p) - mean H(p)',
  threshold: null,
  reason: 'rare',
  value: ({ ensemble, classes }, i) =>
    mutualInformation(ensemble, i * classes, classes) / (classes > 1 ? Math.log(classes) : 1),
});

import { mutualInformation } from '../../base/numeric/entropy.ts';
import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

/** Divided by ln K like `entropy`, of which it is the part that more real images could remove. */
export default defineScore({
  id: 'mutual-information',
  title: 'Disagreement of the ensemble (BALD)',
  suspect: 'high',
  range: [0, 1],
  unit: 'fraction of ln K',
  needs: ['ensemble'],
  meaning: 'label models trained on different halves of the real images disagree',
  source: 'Houlsby et al. 2011: H(mean p) - mean H(p)',
  threshold: null,
  reason: 'rare',
  compute: ({ n, run, ensemble }) => {
    if (ensemble.length === 0) return new Float64Array(n).fill(Number.NaN);
    const most = run.classes > 1 ? Math.log(run.classes) : 1;
    return perRow(n, (i) => mutualInformation(ensemble, i * run.classes, run.classes) / most);
  },
});

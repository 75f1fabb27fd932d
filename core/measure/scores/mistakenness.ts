import { topClass } from '../../labels/crowd/crowd.ts';
import { entropy } from '../../base/numeric/entropy.ts';
import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'mistakenness',
  title: 'Mistakenness of the label',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['probabilities', 'label'],
  meaning: 'the label model is sure, and of another class than the given label',
  source:
    'FiftyOne Brain: (1 + exp(-H)) / 2 where the model names another class, (1 - exp(-H)) / 2 where not',
  threshold: null,
  compute: ({ n, run, probabilities, given }) =>
    perRow(n, (i) => {
      const label = given[i]!;
      if (label < 0) return Number.NaN;
      const sure = Math.min(1, Math.exp(-entropy(probabilities, i * run.classes, run.classes)));
      return topClass(probabilities, i, run.classes) === label ? (1 - sure) / 2 : (1 + sure) / 2;
    }),
});

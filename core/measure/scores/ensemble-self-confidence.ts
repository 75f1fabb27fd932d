import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

/** The weights are the models' accuracies on the given labels, summing to 1 (core/labels/quality/ensemble-quality.ts). */
export default defineScore({
  id: 'ensemble-self-confidence',
  title: 'Self-confidence of the label, by the ensemble',
  suspect: 'low',
  range: [0, 1],
  unit: 'probability',
  needs: ['ensemble', 'label'],
  meaning: 'label models trained on different halves of the real images find the given label unlikely',
  source: 'cleanlab 2.9.0: mean of p[y] over the models, weighted by accuracy',
  threshold: null,
  compute: ({ n, run, ensemble, ensembleWeights, given }) =>
    perRow(n, (i) => {
      const label = given[i]!;
      if (label < 0 || ensemble.length === 0) return Number.NaN;
      const mean = ensemble.reduce(
        (sum, member, m) => sum + ensembleWeights[m]! * member[i * run.classes + label]!,
        0,
      );
      return Math.min(1, mean);
    }),
});

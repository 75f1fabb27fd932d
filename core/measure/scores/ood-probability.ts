import { adjusted } from '../../labels/quality/label-scores.ts';
import { oodFromProbabilities } from '../../labels/quality/ood-probability.ts';
import { defineScore } from './define.ts';

export default defineScore({
  id: 'ood-probability',
  title: 'Certainty of the adjusted probabilities',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['probabilities'],
  meaning: 'the label model, put right class by class, is at a loss: perhaps of no known class',
  source: 'cleanlab 2.9.0: 1 - H(p moved by the class thresholds) / ln K',
  threshold: null,
  compute: ({ run, probabilities, given }) =>
    oodFromProbabilities(
      adjusted({ classes: run.classes, probabilities, given }, run.thresholds).probabilities,
      run.classes,
      'entropy',
    ),
});

import { oodFromProbabilities } from '../../labels/quality/ood-probability.ts';
import { defineScore } from './define.ts';

/** With few classes it tells little; no value below this many. */
const FEWEST_CLASSES = 100;

/** Of the probabilities as they are: moved by the class thresholds it tells less, as cleanlab warns. */
export default defineScore({
  id: 'ood-gen',
  title: 'Certainty among many classes (GEN)',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['probabilities'],
  meaning: 'of a hundred classes and more, too many share the belief of the label model',
  source: 'Liu, Lochman, Zach 2023, generalised entropy (gamma .1, 100 classes), as cleanlab 2.9.0 has it',
  threshold: null,
  compute: ({ n, run, probabilities }) =>
    run.classes < FEWEST_CLASSES
      ? new Float64Array(n).fill(Number.NaN)
      : oodFromProbabilities(probabilities, run.classes, 'gen'),
});

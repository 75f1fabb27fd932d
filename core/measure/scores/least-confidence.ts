import { topTwo } from '../../base/numeric/entropy.ts';
import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'least-confidence',
  title: 'Least confidence',
  suspect: 'high',
  range: [0, 1],
  unit: 'probability',
  needs: ['probabilities'],
  meaning: 'even the most likely class is unlikely',
  source: 'Lewis and Gale 1994: 1 - p(1)',
  threshold: null,
  compute: ({ n, run, probabilities }) =>
    perRow(n, (i) => 1 - topTwo(probabilities, i * run.classes, run.classes)[0]),
});

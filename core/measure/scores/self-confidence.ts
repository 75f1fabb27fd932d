import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'self-confidence',
  title: 'Self-confidence of the label',
  suspect: 'low',
  range: [0, 1],
  unit: 'probability',
  needs: ['probabilities', 'label'],
  meaning: 'the label model finds the given label unlikely',
  source: 'Northcutt et al. 2021 (confident learning): p[y]',
  threshold: null,
  ranking: { stratum: 'suspect-label', by: 'value', standIn: true },
  reason: 'rare',
  aboutLabel: true,
  compute: ({ n, run, probabilities, given }) =>
    perRow(n, (i) => (given[i]! < 0 ? Number.NaN : probabilities[i * run.classes + given[i]!]!)),
});

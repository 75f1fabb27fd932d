import { defineScore } from './define.ts';

export default defineScore({
  id: 'self-confidence',
  title: 'Probability of the given label',
  group: 'label',
  suspect: 'low',
  range: [0, 1],
  unit: 'probability',
  needs: ['probabilities', 'given'],
  meaning: 'the label model finds the given label unlikely',
  source: 'Northcutt et al. 2021 (confident learning): p[y]',
  threshold: null,
  ranking: { stratum: 'suspect-label', by: 'value', standIn: true },
  reason: 'rare',
  aboutLabel: true,
  value: ({ probabilities, given, classes }, i) => probabilities[i * classes + given[i]!]!,
});

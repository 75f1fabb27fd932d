import { defineScore } from './define.ts';

export default defineScore({
  id: 'label-risk',
  title: 'Chance that the label is wrong',
  suspect: 'high',
  range: [0, 1],
  unit: 'probability',
  needs: ['label', 'probabilities', 'neighbours'],
  meaning: 'the label model, the look-alikes and the distances to the classes speak against the given label',
  source:
    'Logistic regression on label-aware scores, trained on real images whose labels were made wrong; base rate by Saerens et al. 2002',
  threshold: null,
  ranking: { stratum: 'suspect-label', by: 'value' },
  reason: 'rare',
  aboutLabel: true,
  compute: ({ labelRisk }) => labelRisk.slice(),
});

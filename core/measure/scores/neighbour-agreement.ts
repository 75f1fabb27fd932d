import { defineScore } from './define.ts';

export default defineScore({
  id: 'neighbour-agreement',
  title: 'Agreement of the look-alikes',
  group: 'label',
  suspect: 'low',
  range: [0, 1],
  unit: 'share',
  meaning: 'the most similar images carry another label',
  source:
    'Wilson 1972 (edited nearest neighbours); Zhu et al. 2022 (SimiFeat): share of k neighbours with the same label',
  threshold: null,
  ranking: { stratum: 'suspect-label', by: 'value', standIn: true },
  reason: 'rare',
  aboutLabel: true,
  column: 'poolAgreement',
});

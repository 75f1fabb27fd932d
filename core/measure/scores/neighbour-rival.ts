import { defineScore } from './define.ts';

export default defineScore({
  id: 'neighbour-rival',
  title: 'Look-alikes agreeing on another label',
  group: 'label',
  suspect: 'high',
  range: [0, 1],
  unit: 'share',
  meaning: 'the most similar images agree on one other label',
  source: 'Wilson 1972 (edited nearest neighbours): share of k neighbours with the commonest other label',
  threshold: null,
  column: 'poolRivalAgreement',
});

import { defineScore } from './define.ts';

export default defineScore({
  id: 'holdout-leak',
  title: 'Copy of a hold-out image',
  group: 'copy',
  suspect: 'high',
  range: [0, 1],
  unit: 'similarity',
  meaning: 'nearly the same picture as a held-out test image, which would spoil the test',
  source: 'Barz and Denzler 2020 (duplicates between training and test images)',
  threshold: 0,
  reason: 'flagged',
  column: 'holdoutCopy',
});

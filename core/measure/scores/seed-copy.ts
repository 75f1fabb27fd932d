import { defineScore } from './define.ts';

export default defineScore({
  id: 'seed-copy',
  title: 'Copy of a real image',
  group: 'copy',
  suspect: 'high',
  range: [0, 1],
  unit: 'similarity',
  meaning: 'nearly the same picture as a real training image',
  source: 'Somepalli et al. 2023 (diffusion art or digital forgery): replication of training images',
  threshold: 0,
  reason: 'flagged',
  column: 'seedCopy',
});

import { defineScore } from './define.ts';

export default defineScore({
  id: 'near-duplicate',
  title: 'Near-duplicate',
  group: 'copy',
  suspect: 'high',
  range: [0, 1],
  unit: 'similarity',
  meaning: 'nearly the same picture as another of its batch',
  source: 'Embeddings propose, pixels confirm',
  threshold: 0,
  reason: 'flagged',
  column: 'batchCopy',
});

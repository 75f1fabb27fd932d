import { defineScore } from './define.ts';

export default defineScore({
  id: 'exact-duplicate',
  title: 'Exact duplicate',
  group: 'copy',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  meaning: 'another file has the same bytes or the same pixels',
  source: 'CleanVision: equal hash of the pixels',
  threshold: 0,
  reason: 'flagged',
  column: 'exactCopy',
});

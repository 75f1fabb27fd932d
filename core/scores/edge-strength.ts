import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'edge-strength',
  title: 'Strength of the edges',
  suspect: 'low',
  range: [0, 127.5],
  unit: 'levels',
  needs: ['pixels'],
  meaning: 'its edges are weak: blurred, or showing little',
  source:
    'Spread of the edges of the picture shrunk to 64 pixels, before CleanVision adds the histogram to it',
  threshold: null,
  compute: ({ n, pixels }) => perRow(n, (i) => pixels[i]!.edgeStd),
});

import { defineScore } from './define.ts';
import { laplacianSpread } from './laplacian.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'sharpness',
  title: 'Sharpness of edges',
  suspect: 'low',
  range: [0, 1020],
  unit: 'levels',
  needs: ['pixels'],
  meaning: 'its edges are weak: far out of focus, or showing little',
  source: 'Spread of the Laplacian (Pech-Pacheco et al. 2000) of the picture shrunk to 32 x 32 pixels',
  threshold: null,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true, scale: (value) => -Math.log(value + 1) },
  reason: 'ranked',
  compute: ({ n, signatures }) => perRow(n, (i) => laplacianSpread(signatures[i]!)),
});

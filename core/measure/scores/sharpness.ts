import { defineScore } from './define.ts';
import { laplacianSpread } from './laplacian.ts';

export default defineScore({
  id: 'sharpness',
  title: 'Sharpness of edges',
  suspect: 'low',
  range: [0, 1020],
  unit: 'levels',
  needs: ['signatures'],
  meaning: 'its edges are weak: far out of focus, or showing little',
  source: 'Spread of the Laplacian (Pech-Pacheco et al. 2000) of the picture shrunk to 32 x 32 pixels',
  threshold: null,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true, scale: (value) => -Math.log(value + 1) },
  reason: 'ranked',
  value: ({ signatures }, i) => laplacianSpread(signatures[i]!),
});

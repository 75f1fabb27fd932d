import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

/** A copy of a real image has no distance to it: far inside is far enough. */
const MOST = 10;

export default defineScore({
  id: 'realism',
  title: 'Realism',
  suspect: 'low',
  range: [0, MOST],
  unit: '',
  needs: ['neighbours'],
  meaning: 'lies outside the surroundings of all typical real images; 1 and more lies inside those of one',
  source:
    'Kynkaanniemi et al. 2019, as in dgm-eval: max of radius / distance over real images with a small radius',
  threshold: null,
  compute: ({ n, seedRadiusRatio }) => perRow(n, (i) => Math.min(MOST, seedRadiusRatio[i]!)),
});

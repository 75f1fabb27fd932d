import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

const LARGEST = 10;
/** Datalab's flag: farther than Q3 + (1 / .37037 - 1) IQR. */
const FENCE = 1 / 0.37037 - 1;

/** (distance - Q3) / IQR, at most 10 in size; 0 where it is the quartile itself. */
function beyond(distance: number, q1: number, q3: number): number {
  if (distance === q3) return 0;
  return Math.max(-LARGEST, Math.min(LARGEST, (distance - q3) / (q3 - q1)));
}

export default defineScore({
  id: 'novelty-fence',
  title: 'Distance beyond the usual one of real images',
  suspect: 'high',
  range: [-LARGEST, LARGEST],
  unit: 'interquartile ranges',
  needs: ['neighbours'],
  meaning: 'farther from the real images than nearly all of them are from each other',
  source: 'Tukey 1977, fences; cleanlab Datalab: mean distance to k neighbours above Q3 + 1.7 IQR',
  threshold: FENCE,
  compute: ({ n, run, seedDistance }) =>
    perRow(n, (i) => beyond(seedDistance[i]!, run.seedDistanceQ1, run.seedDistanceQ3)),
});

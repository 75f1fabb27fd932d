import { defineScore } from './define.ts';

/** Share of the usual nearest distance under which two images are near-duplicates. */
const NEAR = 0.13;
const LEAST_MEDIAN = 1e-6;

/**
 * A candidate by its embedding only: look-alikes such as the views of a turntable are close as well. What counts as a
 * copy is confirmed on pixels (core/measure/facts/copies.ts).
 */
export default defineScore({
  id: 'closeness',
  title: 'Closeness of the nearest look-alike',
  group: 'copy',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['poolNearest', 'medianNearest'],
  meaning: 'its nearest look-alike is far closer than is usual: perhaps a near-duplicate',
  source: 'cleanlab Datalab: exp(-nearest distance / its median); a near-duplicate below .13 of the median',
  threshold: Math.exp(-NEAR),
  value: ({ poolNearest, medianNearest }, i) =>
    Math.exp(-poolNearest[i]! / Math.max(medianNearest, LEAST_MEDIAN)),
});

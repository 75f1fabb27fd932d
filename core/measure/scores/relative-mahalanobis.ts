import { defineScore } from './define.ts';

const LARGEST = 10;

/** Difference of two squared distances per dimension, at most 10 in size; NaN where either is. */
export function distanceGap(own: number, other: number): number {
  return Math.max(-LARGEST, Math.min(LARGEST, own - other));
}

export default defineScore({
  id: 'relative-mahalanobis',
  title: 'Distance to its class against the distance to everything',
  group: 'label',
  suspect: 'high',
  range: [-LARGEST, LARGEST],
  unit: 'squared distance per dimension',
  needs: ['ownCloudDistance', 'wholeCloudDistance'],
  meaning: 'it looks less like its class than like an image of the project at all',
  source: 'Ren et al. 2021 (relative Mahalanobis distance), covariances by Ledoit and Wolf 2004',
  threshold: null,
  reason: 'rare',
  aboutLabel: true,
  value: ({ ownCloudDistance, wholeCloudDistance }, i) =>
    distanceGap(ownCloudDistance[i]!, wholeCloudDistance[i]!),
});

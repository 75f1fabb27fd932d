import { defineScore } from './define.ts';
import { distanceGap } from './relative-mahalanobis.ts';

export default defineScore({
  id: 'class-discriminant',
  title: 'Distance to the middle of its class against the nearest other one',
  group: 'label',
  suspect: 'high',
  range: [-10, 10],
  unit: 'squared distance per dimension',
  needs: ['ownCloudDistance', 'rivalCloudDistance'],
  meaning: 'it lies nearer to the middle of another class than to that of its own',
  source: 'Fisher 1936 (linear discriminant), covariance by Ledoit and Wolf 2004',
  threshold: null,
  value: ({ ownCloudDistance, rivalCloudDistance }, i) =>
    distanceGap(ownCloudDistance[i]!, rivalCloudDistance[i]!),
});

import { defineScore } from './define.ts';

const LARGEST = 7;
/** Cosine distances below this are as good as nothing; also keeps the logarithm finite. */
const LEAST = 1e-3;

/** ln of two mean distances' ratio, NaN where either is; at most 7 in size. */
export function distanceRatio(own: number, rival: number): number {
  const ratio = Math.log((own + LEAST) / (rival + LEAST));
  return Math.max(-LARGEST, Math.min(LARGEST, ratio));
}

export default defineScore({
  id: 'class-distance',
  title: 'Distance to its class against other classes',
  group: 'label',
  suspect: 'high',
  range: [-LARGEST, LARGEST],
  unit: 'ln ratio',
  needs: ['givenClassDistance', 'rivalClassDistance'],
  meaning: 'nearer to the real images of another class than to those of its own',
  source:
    'Ratio of nearest-neighbour distances to the given and the nearest other class (Jiang et al. 2018, trust score, inverted; logarithm)',
  threshold: null,
  value: ({ givenClassDistance, rivalClassDistance }, i) =>
    distanceRatio(givenClassDistance[i]!, rivalClassDistance[i]!),
});

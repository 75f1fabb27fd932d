import { streamOf } from '../numeric/random.ts';
import { alphaBeta } from './alpha-beta.ts';
import { nearestOf, subDistances, transposed, type Distances } from './distances.ts';
import { neighbourEntropy, vendiScore } from './diversity.ts';
import { effectiveRank, frechetExtrapolated } from './frechet.ts';
import { gaussianDiscrepancy, kernelDistance } from './mean-discrepancy.ts';
import { authentic, copyingZ } from './memorisation.ts';
import { prdc } from './prdc.ts';
import type { PrincipalAxes } from './principal-axes.ts';
import { pickRows, type Vectors } from './vectors.ts';

/** Two sets of the same size with all distances: real images, and what is held against them. */
export interface Comparison {
  real: Vectors;
  other: Vectors;
  withinReal: Distances;
  withinOther: Distances;
  /** real x other */
  between: Distances;
  axes: PrincipalAxes;
  /** Median distance between real images. */
  scale: number;
  seed: number;
}

interface Measure {
  id: string;
  title: string;
  meaning: string;
  worse: 'high' | 'low' | 'both';
}

/** In the order in which a person should read them. */
export const MEASURES: Measure[] = [
  {
    id: 'recall',
    title: 'Recall',
    meaning: 'share of real images that the batch reaches; falls first when a generator collapses',
    worse: 'low',
  },
  {
    id: 'coverage',
    title: 'Coverage',
    meaning: 'share of real images with a generated one close by',
    worse: 'low',
  },
  {
    id: 'precision',
    title: 'Precision',
    meaning: 'share of generated images that look like real ones',
    worse: 'low',
  },
  {
    id: 'density',
    title: 'Density',
    meaning: 'how deep inside the real ones the generated lie; rising while recall falls is mode seeking',
    worse: 'both',
  },
  {
    id: 'entropy',
    title: 'Nearest-neighbour entropy',
    meaning: 'how spread out the batch is (nats, only the difference means anything)',
    worse: 'low',
  },
  { id: 'vendi', title: 'Vendi score', meaning: 'effective number of different images', worse: 'low' },
  {
    id: 'effective-rank',
    title: 'Effective rank',
    meaning: 'directions in which the images vary',
    worse: 'low',
  },
  {
    id: 'frechet',
    title: 'Frechet distance, extrapolated',
    meaning: 'distance of mean and covariance, about 0 for real images',
    worse: 'high',
  },
  {
    id: 'kernel-distance',
    title: 'Kernel distance',
    meaning: 'unbiased discrepancy of the distributions, about 0 for real images',
    worse: 'high',
  },
  {
    id: 'cmmd',
    title: 'Mean discrepancy',
    meaning: 'CMMD with the real images’ own scale; mostly compares the means',
    worse: 'high',
  },
  {
    id: 'alpha-precision',
    title: 'Alpha-precision',
    meaning: 'whether typical and rare images come in the real proportions',
    worse: 'low',
  },
  {
    id: 'beta-recall',
    title: 'Beta-recall',
    meaning: 'whether typical and rare real images are reached in proportion',
    worse: 'low',
  },
  {
    id: 'authenticity',
    title: 'Authenticity',
    meaning: 'share that is not nearer to a real image than real images are to each other; low = copied',
    worse: 'low',
  },
  {
    id: 'copying',
    title: 'Copying test (C_T)',
    meaning: 'Z of the distances to the real images against held-out ones; below -3 = copied',
    worse: 'low',
  },
];

/** Every measure of one comparison, by id; NaN where it cannot be computed. */
export function measure(comparison: Comparison, heldOut: Float64Array): Map<string, number> {
  const { real, other, withinReal, withinOther, between, axes, scale, seed } = comparison;
  const [a, b] = [axes.project(real), axes.project(other)];
  const shells = alphaBeta(real, other, withinReal, between);
  const honest = authentic(withinReal, between);
  return new Map<string, number>([
    ...Object.entries(prdc(withinReal, withinOther, between)),
    ['entropy', neighbourEntropy(withinOther, other.dimensions)],
    ['vendi', vendiScore(b)],
    ['effective-rank', effectiveRank(b)],
    ['frechet', frechetExtrapolated(a, b, streamOf(seed, 'frechet'))],
    ['kernel-distance', kernelDistance(a, b)],
    ['cmmd', gaussianDiscrepancy(real, other, scale)],
    ['alpha-precision', shells.alphaPrecision],
    ['beta-recall', shells.betaRecall],
    ['authenticity', honest.reduce((sum, value) => sum + value, 0) / honest.length],
    ['copying', copyingZ(nearestOf(transposed(between)).distance, heldOut)],
  ]);
}

/** The part of two sets with all distances that some rows of each make. */
export function comparisonOf(
  sets: Pick<Comparison, 'real' | 'other' | 'withinReal' | 'withinOther' | 'between' | 'axes' | 'scale'>,
  realRows: Int32Array,
  otherRows: Int32Array,
  seed: number,
): Comparison {
  return {
    real: pickRows(sets.real, realRows),
    other: pickRows(sets.other, otherRows),
    withinReal: subDistances(sets.withinReal, realRows, realRows),
    withinOther: subDistances(sets.withinOther, otherRows, otherRows),
    between: subDistances(sets.between, realRows, otherRows),
    axes: sets.axes,
    scale: sets.scale,
    seed,
  };
}

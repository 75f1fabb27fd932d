import type { MeasureInfo } from '../../rpc/contract/reports.ts';
import { streamOf } from '../base/numeric/random.ts';
import { massOver, type Clusters } from './clusters.ts';
import { discrepancyOfDistances, frechetExtrapolated, kernelDistance } from './discrepancy.ts';
import { nearestOf, subDistances, transposed, type Distances } from './distances.ts';
import { effectiveRank, neighbourEntropy, vendiScore } from './diversity.ts';
import { pickRows, type Vectors } from './image-set.ts';
import { authentic, copyingZ } from './memorisation.ts';
import { alphaBeta, prdc } from './support.ts';

/** One side of a comparison. */
export interface Side {
  vectors: Vectors;
  /** The same on the principal axes of the real images, centred on these. */
  reduced: Vectors;
  within: Distances;
  /** Cluster of every row; empty where there are no clusters. */
  cluster: Int32Array;
}

/** Real images and those compared with them, with all distances. */
export interface Comparison {
  real: Side;
  other: Side;
  /** real x other */
  between: Distances;
  /** Median distance between real images. */
  scale: number;
  clusters: Clusters | null;
}

/** Images per axis on each side, where moments are compared: with fewer, these are rank deficient. */
const IMAGES_PER_AXIS = 5;

/** Group by group, in the order in which a person should read them. */
export const MEASURES: MeasureInfo[] = [
  {
    id: 'precision',
    group: 'fidelity',
    title: 'Precision',
    meaning: 'share of generated images that look like real ones',
    worse: 'low',
  },
  {
    id: 'density',
    group: 'fidelity',
    title: 'Density',
    meaning: 'how deep inside the real ones the generated lie; rising while recall falls is mode seeking',
    worse: 'both',
  },
  {
    id: 'frechet',
    group: 'fidelity',
    title: 'Frechet distance',
    meaning: 'distance of mean and covariance, extrapolated to endless samples; about 0 for real images',
    worse: 'high',
  },
  {
    id: 'kernel-distance',
    group: 'fidelity',
    title: 'Kernel distance',
    meaning: 'unbiased discrepancy of the distributions, about 0 for real images',
    worse: 'high',
  },
  {
    id: 'cmmd',
    group: 'fidelity',
    title: 'Mean discrepancy',
    meaning: 'CMMD with the real images’ own scale; mostly compares the means',
    worse: 'high',
  },
  {
    id: 'alpha-precision',
    group: 'fidelity',
    title: 'Alpha-precision',
    meaning: 'whether typical and rare images come in the real proportions',
    worse: 'low',
  },
  {
    id: 'recall',
    group: 'diversity',
    title: 'Recall',
    meaning: 'share of real images that the batch reaches; falls first when a generator collapses',
    worse: 'low',
  },
  {
    id: 'coverage',
    group: 'diversity',
    title: 'Coverage',
    meaning: 'share of real images with a generated one close by',
    worse: 'low',
  },
  {
    id: 'cluster-overlap',
    group: 'diversity',
    title: 'Cluster overlap',
    meaning: 'mass that both sides share over clusters of the real images; 1 = in the same proportions',
    worse: 'low',
  },
  {
    id: 'rare-mass',
    group: 'diversity',
    title: 'Rare clusters',
    meaning: 'mass of the batch in the rare clusters, as a share of what the real images have there',
    worse: 'low',
  },
  {
    id: 'entropy',
    group: 'diversity',
    title: 'Nearest-neighbour entropy',
    meaning: 'how spread out the batch is (nats, only the difference means anything)',
    worse: 'low',
  },
  {
    id: 'vendi',
    group: 'diversity',
    title: 'Vendi score',
    meaning: 'effective number of different images',
    worse: 'low',
  },
  {
    id: 'effective-rank',
    group: 'diversity',
    title: 'Effective rank',
    meaning: 'directions in which the images vary',
    worse: 'low',
  },
  {
    id: 'beta-recall',
    group: 'diversity',
    title: 'Beta-recall',
    meaning: 'whether typical and rare real images are reached in proportion',
    worse: 'low',
  },
  {
    id: 'authenticity',
    group: 'copying',
    title: 'Authenticity',
    meaning: 'share that is not nearer to a real image than real images are to each other; low = copied',
    worse: 'low',
  },
  {
    id: 'copying',
    group: 'copying',
    title: 'Copying test (C_T)',
    meaning: 'Z of the distances to the real images against held-out ones; below -3 = copied',
    worse: 'low',
  },
];

/** Measures that need more than a few images of one class. */
const WHOLE_ONLY = new Set(['cluster-overlap', 'rare-mass', 'copying']);

/** Those that are also taken within one class. */
export const CLASS_MEASURES = MEASURES.filter(({ id }) => !WHOLE_ONLY.has(id));

/**
 * The measures of one comparison of equally many images, by id: those named in `only`, or all; NaN where one cannot be
 * computed. `heldOut` are the distances to the real side of real images that are of neither side; `seed` draws what the
 * Frechet distance is extrapolated from.
 */
export function measure(
  { real, other, between, scale, clusters }: Comparison,
  heldOut: Float64Array,
  seed: number,
  only?: readonly string[],
): Map<string, number> {
  const balls = prdc(real.within, other.within, between);
  const mass = clusters ? massOver(clusters, real.cluster, other.cluster) : null;
  const moments = (side: Side): Vectors =>
    firstColumns(side.reduced, Math.max(1, Math.floor(real.within.rows / IMAGES_PER_AXIS)));
  const shells = once(() => alphaBeta(real.vectors, other.vectors, real.within, between));
  const ways: Record<string, () => number> = {
    precision: () => balls.precision,
    recall: () => balls.recall,
    density: () => balls.density,
    coverage: () => balls.coverage,
    'cluster-overlap': () => mass?.overlap ?? Number.NaN,
    'rare-mass': () => mass?.rareRatio ?? Number.NaN,
    entropy: () => neighbourEntropy(other.within, other.vectors.dimensions),
    vendi: () => vendiScore(other.reduced),
    'effective-rank': () => effectiveRank(other.reduced),
    frechet: () => frechetExtrapolated(moments(real), moments(other), streamOf(seed, 'frechet')),
    'kernel-distance': () => kernelDistance(real.reduced, other.reduced),
    cmmd: () => discrepancyOfDistances(real.within, other.within, between, scale),
    'alpha-precision': () => shells().alphaPrecision,
    'beta-recall': () => shells().betaRecall,
    authenticity: () => {
      const honest = authentic(real.within, between);
      return honest.reduce((sum, value) => sum + value, 0) / honest.length;
    },
    copying: () => copyingZ(nearestOf(transposed(between)).distance, heldOut),
  };
  return new Map((only ?? Object.keys(ways)).map((id) => [id, ways[id]!()]));
}

/** A value that is computed when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** The part of a comparison that some rows of each side form. */
export function partOf(
  { real, other, between, scale, clusters }: Comparison,
  realRows: Int32Array,
  otherRows: Int32Array,
): Comparison {
  return {
    real: pickSide(real, realRows),
    other: pickSide(other, otherRows),
    between: subDistances(between, realRows, otherRows),
    scale,
    clusters,
  };
}

function pickSide({ vectors, reduced, within, cluster }: Side, rows: Int32Array): Side {
  return {
    vectors: pickRows(vectors, rows),
    reduced: pickRows(reduced, rows),
    within: subDistances(within, rows, rows),
    cluster: cluster.length > 0 ? Int32Array.from(rows, (row) => cluster[row]!) : cluster,
  };
}

function firstColumns({ data, dimensions }: Vectors, columns: number): Vectors {
  if (columns >= dimensions) return { data, dimensions };
  const kept = new Float64Array((data.length / dimensions) * columns);
  for (let at = 0; at < kept.length; at++)
    kept[at] = data[Math.floor(at / columns) * dimensions + (at % columns)]!;
  return { data: kept, dimensions: columns };
}

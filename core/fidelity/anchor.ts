import { AssayError } from '../../rpc/errors.ts';
import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';
import { streamOf } from '../base/numeric/random.ts';
import { clusterReal, nearestCentre, type RealClusters } from './clusters.ts';
import { covariance, symmetricEigen } from './discrepancy.ts';
import { distancesBetween } from './distances.ts';
import type { Values } from './draws.ts';
import { countOf, meanOf, type ImageSet, type ImageSource, type Vectors } from './image-set.ts';
import type { Side } from './measures.ts';

/** Images of a side at most: distances take 8 bytes a pair. */
export const MOST = 1200;
const MOST_OF_CLASS = 300;
/** Images of a side at least: those measured against, those measured and those held out are a third each. */
export const FEWEST = 20;
const MOST_AXES = 32;

/** The real images that batches are measured against, with the yardsticks taken of them. */
export interface Anchor {
  source: ImageSource;
  set: ImageSet;
  side: Side;
  /** Median distance between two of them. */
  scale: number;
  /** Null within a class. */
  clusters: RealClusters | null;
  /** Values of real against real by label and size, kept from batch to batch. */
  yardsticks: Map<string, Values>;
  axes: PrincipalAxes;
  /** Mean of the set on the axes. */
  centre: Float64Array;
}

/** Why a batch cannot be measured; null where it can be. */
export function whyTooFew(real: number, batch: string, images: number): string | null {
  if (real < 3 * FEWEST)
    return `A report needs ${3 * FEWEST} real images with an embedding; there are ${real}. Import more with --role real.`;
  return images < FEWEST
    ? `A report needs ${FEWEST} generated images with an embedding; ${batch} has ${images}.`
    : null;
}

/** The real images that batches are measured against: at most 1,200 of them, the same ones for the same seed. */
export function readAnchorSet(source: ImageSource, seed: number): ImageSet {
  return source.read(streamOf(seed, 'anchor'), MOST);
}

/** Reads at most 1,200 of the real images. Throws NOT_READY where there are fewer than 3 x 20. */
export async function readAnchor(source: ImageSource, seed: number, signal: AbortSignal): Promise<Anchor> {
  const set = readAnchorSet(source, seed);
  const why = whyTooFew(set.sha256.length, '', FEWEST);
  if (why !== null) throw new AssayError('NOT_READY', why);
  const axes = principalAxes(set.vectors, MOST_AXES);
  const anchor = await anchorOf(source, set, axes, new Map(), signal);
  const clusters = clusterReal(anchor.side.reduced, streamOf(seed, 'k-means'));
  return { ...anchor, clusters, side: { ...anchor.side, cluster: clusters.cluster } };
}

/** The real images of one class as an anchor of their own, at most 300 of them, on the axes of all. */
export function anchorOfClass(
  { source, axes, yardsticks }: Anchor,
  name: string | null,
  seed: number,
  signal: AbortSignal,
): Promise<Anchor> {
  const set = source.read(streamOf(seed, `anchor ${name}`), MOST_OF_CLASS, name);
  return anchorOf(source, set, axes, yardsticks, signal);
}

/** Generated images of one class or of all, at most as many as the anchor has. */
export function readAgainst(
  anchor: Anchor,
  source: ImageSource,
  seed: number,
  label?: string | null,
): ImageSet {
  const purpose = `batch ${source.name} ${label}`;
  return source.read(streamOf(seed, purpose), anchor.clusters ? MOST : MOST_OF_CLASS, label);
}

/** Images held against an anchor, on its axes and over its clusters. */
export async function sideOf(
  { axes, centre, clusters }: Pick<Anchor, 'axes' | 'centre' | 'clusters'>,
  { vectors }: ImageSet,
  signal: AbortSignal,
): Promise<Side> {
  const reduced = moved(axes.project(vectors), centre);
  return {
    vectors,
    reduced,
    within: await distancesBetween(vectors, vectors, signal),
    cluster: clusters ? nearestCentre(reduced, clusters.centres) : new Int32Array(0),
  };
}

async function anchorOf(
  source: ImageSource,
  set: ImageSet,
  axes: PrincipalAxes,
  yardsticks: Anchor['yardsticks'],
  signal: AbortSignal,
): Promise<Anchor> {
  const centre = meanOf(axes.project(set.vectors));
  const side = await sideOf({ axes, centre, clusters: null }, set, signal);
  const apart = sortedFinite(side.within.data.filter((value) => value > 0));
  const scale = quantileSorted(apart, 0.5) || 1;
  return { source, set, side, scale, clusters: null, yardsticks, axes, centre };
}

function moved({ data, dimensions }: Vectors, centre: Float64Array): Vectors {
  const rows = new Float64Array(data.length);
  for (let i = 0; i < countOf({ data, dimensions }); i++)
    for (let d = 0; d < dimensions; d++) rows[i * dimensions + d] = data[i * dimensions + d]! - centre[d]!;
  return { data: rows, dimensions };
}

/** A rotation onto the directions in which the real images vary most. */
interface PrincipalAxes {
  dimensions: number;
  project(vectors: Vectors): Vectors;
}

/**
 * The first `most` principal axes of the real images. Moments of few images in many dimensions are rank deficient, so
 * what compares moments works in at most `n / 5` of them.
 */
function principalAxes(real: Vectors, most: number): PrincipalAxes {
  const mean = meanOf(real);
  const { values, vectors } = symmetricEigen(covariance(real));
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, Math.max(1, most));
  const axes = order.map((column) => Float64Array.from(vectors.getColumn(column)));
  return {
    dimensions: axes.length,
    project(other) {
      const n = countOf(other);
      const data = new Float64Array(n * axes.length);
      for (let i = 0; i < n; i++)
        axes.forEach((axis, a) => {
          let sum = 0;
          for (let d = 0; d < axis.length; d++)
            sum += axis[d]! * (other.data[i * other.dimensions + d]! - mean[d]!);
          data[i * axes.length + a] = sum;
        });
      return { data, dimensions: axes.length };
    },
  };
}

import type { ClusterReport, KindOfImage } from '../../rpc/contract/reports.ts';
import { randomIndex, streamOf, type Random } from '../base/numeric/random.ts';
import { hypergeometricCdf } from '../base/numeric/special.ts';
import { kMeans } from '../queue/k-means.ts';
import { countOf, pickRows, type ImageSet, type Vectors } from './image-set.ts';

/** How many clusters, images permitting. */
const [FEWEST, MOST] = [20, 50];
const IMAGES_EACH = 25;
const LEAST_EACH = 5;
/** A cluster with a smaller share of the real images is rare. */
const RARE = 0.02;
/** One in a hundred sound clusters is called missing, or frequent, by mistake. */
const CHANCE = 0.01;
const MOST_SHOWN = 12;
const EXAMPLES = 4;
const PERMUTATIONS = 999;

/** Clusters of the real images: how many, and which of them are rare. */
export interface Clusters {
  count: number;
  rare: Uint8Array;
}

/** k-means clusters of the real images. */
export interface RealClusters extends Clusters {
  /** count x dimensions. */
  centres: Vectors;
  /** Of the real images. */
  cluster: Int32Array;
}

/** 20 to 50 clusters of the real images, fewer where there are under 100 images. */
export function clusterReal(real: Vectors, random: Random): RealClusters {
  const n = countOf(real);
  const wanted = Math.min(MOST, Math.max(FEWEST, Math.floor(n / IMAGES_EACH)), Math.floor(n / LEAST_EACH));
  const rows = Array.from({ length: n }, (_, i) => pickRows(real, [i]).data);
  const assigned = kMeans(rows, Math.max(1, wanted), random);
  const count = assigned.reduce((most, cluster) => Math.max(most, cluster), 0) + 1;
  const centres = { data: new Float64Array(count * real.dimensions), dimensions: real.dimensions };
  const sizes = sizesOf(assigned, count);
  assigned.forEach((cluster, i) => {
    for (let d = 0; d < real.dimensions; d++)
      centres.data[cluster * real.dimensions + d]! += real.data[i * real.dimensions + d]! / sizes[cluster]!;
  });
  const cluster = nearestCentre(real, centres);
  const own = sizesOf(cluster, count);
  return {
    count,
    centres,
    cluster,
    rare: Uint8Array.from(own, (size) => (size > 0 && size < RARE * n ? 1 : 0)),
  };
}

/** The nearest centre of every row. */
export function nearestCentre(rows: Vectors, centres: Vectors): Int32Array {
  return Int32Array.from({ length: countOf(rows) }, (_, i) => {
    let best = 0;
    let shortest = Infinity;
    for (let c = 0; c < countOf(centres); c++) {
      const distance = squaredDistance(rows, i, centres, c);
      if (distance < shortest) [shortest, best] = [distance, c];
    }
    return best;
  });
}

/**
 * How much mass two sides share over the clusters, `sum min(p, q)`, and the mass of the second in the rare ones over
 * that of the first (NaN where the first has none).
 */
export function massOver(
  { count, rare }: Clusters,
  first: Int32Array,
  second: Int32Array,
): { overlap: number; rareRatio: number } {
  const [p, q] = [sizesOf(first, count), sizesOf(second, count)];
  let overlap = 0;
  let [ofFirst, ofSecond] = [0, 0];
  for (let c = 0; c < count; c++) {
    overlap += Math.min(p[c]! / first.length, q[c]! / second.length);
    if (rare[c] === 0) continue;
    ofFirst += p[c]! / first.length;
    ofSecond += q[c]! / second.length;
  }
  return { overlap, rareRatio: ofFirst > 0 ? ofSecond / ofFirst : Number.NaN };
}

/**
 * How the mass of a batch lies over the real images' clusters. The G-test asks whether both are spread alike; its
 * p-value is the share of random splits with as large a G, since chi-square does not hold for clusters of a few images.
 * A rare cluster is missing where a batch like the real images would have so few in it with a chance below 1 %, and any
 * is frequent where it would have so many.
 */
export function clusterReport(
  clusters: RealClusters,
  real: OnAxes,
  generated: OnAxes & { cluster: Int32Array },
  seed: number,
): ClusterReport {
  const { count, rare, cluster, centres } = clusters;
  const [own, others] = [sizesOf(cluster, count), sizesOf(generated.cluster, count)];
  const [n, m] = [cluster.length, generated.cluster.length];
  const missing: KindOfImage[] = [];
  const frequent: KindOfImage[] = [];
  let leastRatio: number | null = null;
  const together = { clusters: 0, real: 0, generated: 0 };
  for (let c = 0; c < count; c++) {
    const [ofReal, ofGenerated] = [own[c]! / n, others[c]! / m];
    const so = hypergeometricCdf(others[c]! - 1, n + m, own[c]! + others[c]!, m);
    if (ofGenerated > ofReal && 1 - so < CHANCE)
      frequent.push({
        real: ofReal,
        generated: ofGenerated,
        p: 1 - so,
        ...shown(centres, generated.cluster, c, generated),
      });
    if (rare[c] === 0) continue;
    together.clusters++;
    together.real += ofReal;
    together.generated += ofGenerated;
    leastRatio = Math.min(leastRatio ?? Infinity, ofGenerated / ofReal);
    const p = hypergeometricCdf(others[c]!, n + m, own[c]! + others[c]!, m);
    if (p < CHANCE)
      missing.push({ real: ofReal, generated: ofGenerated, p, ...shown(centres, cluster, c, real) });
  }
  const { g, p } = gTest(cluster, generated.cluster, count, streamOf(seed, 'clusters'));
  return {
    clusters: count,
    rare: together,
    leastRatio,
    g,
    p,
    permutations: PERMUTATIONS,
    missing: missing.sort((a, b) => a.p - b.p).slice(0, MOST_SHOWN),
    frequent: frequent.sort((a, b) => b.generated - b.real - (a.generated - a.real)).slice(0, MOST_SHOWN),
  };
}

/** The two-sample G statistic over clusters, `2 sum O ln(O / E)`, and the share of random splits that give as much. */
export function gTest(
  first: Int32Array,
  second: Int32Array,
  count: number,
  random: Random,
): { g: number; p: number } {
  const all = new Int32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  const whole = sizesOf(all, count);
  const statistic = (): number => {
    const part = new Int32Array(count);
    for (let i = 0; i < first.length; i++) part[all[i]!]!++;
    let g = 0;
    for (let c = 0; c < count; c++)
      for (const [observed, side] of [
        [part[c]!, first.length],
        [whole[c]! - part[c]!, second.length],
      ] as const)
        if (observed > 0) g += 2 * observed * Math.log((observed * all.length) / (whole[c]! * side));
    return g;
  };
  const g = statistic();
  let asLarge = 1;
  for (let round = 0; round < PERMUTATIONS; round++) {
    for (let i = 0; i < first.length; i++) {
      const j = i + randomIndex(random, all.length - i);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    if (statistic() >= g - 1e-9) asLarge++;
  }
  return { g, p: asLarge / (PERMUTATIONS + 1) };
}

type OnAxes = ImageSet & { reduced: Vectors };

/** What a cluster looks like on one side: the images nearest to its centre, and their most common label. */
function shown(
  centres: Vectors,
  cluster: Int32Array,
  c: number,
  { reduced, sha256, path, label }: OnAxes,
): Pick<KindOfImage, 'label' | 'examples'> {
  const rows = [...cluster.keys()]
    .filter((i) => cluster[i] === c)
    .map((i) => ({ i, distance: squaredDistance(reduced, i, centres, c) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ i }) => i);
  const votes = new Map<string | null, number>();
  for (const i of rows) votes.set(label[i]!, (votes.get(label[i]!) ?? 0) + 1);
  const [commonest] = [...votes].sort((a, b) => b[1] - a[1])[0]!;
  return {
    label: commonest,
    examples: rows.slice(0, EXAMPLES).map((i) => ({ sha256: sha256[i]!, path: path[i]! })),
  };
}

function squaredDistance(a: Vectors, i: number, b: Vectors, j: number): number {
  let sum = 0;
  for (let d = 0; d < a.dimensions; d++)
    sum += (a.data[i * a.dimensions + d]! - b.data[j * b.dimensions + d]!) ** 2;
  return sum;
}

function sizesOf(cluster: Int32Array, count: number): Float64Array {
  const sizes = new Float64Array(count);
  for (const c of cluster) sizes[c]!++;
  return sizes;
}

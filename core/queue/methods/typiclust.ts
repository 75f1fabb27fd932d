import type { Kernels } from '../../../models/types.ts';
import { kMeans, kMeansBy } from '../k-means.ts';
import { defineSelection, type SelectionTask } from './define.ts';
import { breathe, dot, squaredNorms } from './rows.ts';

const MOST_CLUSTERS = 500;
/** Clusters of this size or less are noise, unless there is nothing else. */
const SMALL = 5;
const NEIGHBOURS = 20;

/** `1 / (mean distance to the k nearest of the rows + 1e-5)` of every row among them; squared distances, as published. */
export function typicality(
  rows: Float32Array,
  dimensions: number,
  members: number[],
  k: number,
): Float64Array {
  const norms = squaredNorms(rows, dimensions);
  return Float64Array.from(members, (i) => {
    const squared = members
      .filter((j) => j !== i)
      .map((j) => Math.max(0, norms[i]! + norms[j]! - 2 * dot(rows, i, rows, j, dimensions)))
      .sort((a, b) => a - b)
      .slice(0, k);
    return typical(squared);
  });
}

function typical(squared: number[]): number {
  return 1 / (squared.reduce((sum, value) => sum + value, 0) / Math.max(1, squared.length) + 1e-5);
}

/** `typicality` with the neighbours found by kernels, under an unused matrix name. */
async function typicalityBy(
  kernels: Kernels,
  name: string,
  rows: Float32Array,
  dimensions: number,
  members: number[],
  k: number,
): Promise<Float64Array> {
  const own = new Float32Array(members.length * dimensions);
  members.forEach((row, i) =>
    own.set(rows.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions),
  );
  await kernels.putMatrix(name, own, members.length, dimensions);
  const found = await kernels.nearest(
    own,
    name,
    k,
    Int32Array.from(members, (_, i) => i),
  );
  return Float64Array.from(members, (_, i) =>
    typical(
      Array.from(found.distance.subarray(i * k, (i + 1) * k), (distance) => distance ** 2).filter(
        Number.isFinite,
      ),
    ),
  );
}

/**
 * Clusters labelled rows and candidates into min(m + budget, 500) and takes the most typical candidate of the clusters
 * with the fewest labels, largest first, round after round.
 */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, random, signal, kernels } = task;
  const n = candidates.length / dimensions;
  const m = labelled.length / dimensions;
  const rows = new Float32Array(candidates.length + labelled.length);
  rows.set(candidates);
  rows.set(labelled, candidates.length);
  const k = Math.min(m + budget, MOST_CLUSTERS, n + m);
  const name = `typiclust-${crypto.randomUUID()}`;
  let assigned: Int32Array;
  if (kernels) {
    await kernels.putMatrix(name, rows, n + m, dimensions);
    assigned = await kMeansBy(kernels, name, { data: rows, columns: dimensions }, k, random, signal);
  } else {
    const views = Array.from({ length: n + m }, (_, i) =>
      rows.subarray(i * dimensions, (i + 1) * dimensions),
    );
    assigned = kMeans(views, k, random);
  }
  const clusters = new Map<number, { members: number[]; open: number[]; labels: number }>();
  assigned.forEach((cluster, i) => {
    const found = clusters.get(cluster) ?? { members: [], open: [], labels: 0 };
    clusters.set(cluster, found);
    found.members.push(i);
    if (i < n) found.open.push(i);
    else found.labels++;
  });
  let step = 0;
  for (const cluster of clusters.values()) {
    await breathe(step++, signal);
    const { members } = cluster;
    const near = Math.min(NEIGHBOURS, Math.max(1, members.length >> 1));
    const values = kernels
      ? await typicalityBy(kernels, name, rows, dimensions, members, near)
      : typicality(rows, dimensions, members, near);
    const value = new Map(members.map((i, at) => [i, values[at]!]));
    cluster.open.sort((a, b) => value.get(b)! - value.get(a)! || a - b);
  }
  await kernels?.dropMatrix(name);
  const chosen: number[] = [];
  const wanted = Math.min(budget, n);
  const order = [...clusters.values()];
  const large = order.filter(({ members }) => members.length > SMALL);
  while (chosen.length < wanted) {
    const open = (large.some((cluster) => cluster.open.length > 0) ? large : order).filter(
      (cluster) => cluster.open.length > 0,
    );
    open.sort((a, b) => a.labels - b.labels || b.members.length - a.members.length);
    for (const cluster of open.slice(0, wanted - chosen.length)) {
      chosen.push(cluster.open.shift()!);
      cluster.labels++;
    }
  }
  return chosen;
}

export default defineSelection({
  id: 'typiclust',
  title: 'How typical it is of its region',
  meaning:
    'takes the most typical image of every region without labels; for cold starts, blind to hard cases',
  source: 'Hacohen et al. 2022',
  needs: ['embeddings'],
  select,
});

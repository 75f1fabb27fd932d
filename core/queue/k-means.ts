import type { Kernels } from '../../models/types.ts';
import { randomIndex, sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';

/** Limits of Lloyd steps and of the rows used: centres settle long before either, and time stays bounded. */
const MAX_STEPS = 20;
const MAX_FIT_ROWS = 5000;

/** Rows of equal length in one array, and their length. */
interface Flat {
  data: Float64Array | Float32Array;
  columns: number;
}

function squaredDistance(a: Flat, i: number, b: Float64Array, j: number): number {
  const { data, columns } = a;
  let sum = 0;
  for (let p = i * columns, q = j * columns, end = p + columns; p < end; p++, q++) {
    const difference = data[p]! - b[q]!;
    sum += difference * difference;
  }
  return sum;
}

/**
 * Returns the cluster 0..k-1 of every row: k-means++ seeding (Arthur and Vassilvitskii 2007) and at most 20 Lloyd steps
 * on at most 5,000 random rows, then every row goes to its nearest centre. Ties go to the lower cluster; repeated rows
 * may yield fewer than k clusters. Deterministic for a given stream.
 *
 * @param rows equally long vectors without NaN
 */
export function kMeans(rows: ArrayLike<number>[], k: number, random: Random): Int32Array {
  if (rows.length === 0) return new Int32Array(0);
  const chosen = sampleWithoutReplacement(random, rows.length, MAX_FIT_ROWS);
  const fit = flatten(Array.from(chosen, (i) => rows[i]!));
  const centres = plusPlus(fit, k, random);
  let assigned = assign(fit, centres);
  for (let step = 0; step < MAX_STEPS; step++) {
    moveToMeans(fit, centres, assigned);
    const next = assign(fit, centres);
    const settled = next.every((cluster, i) => cluster === assigned[i]);
    assigned = next;
    if (settled) break;
  }
  return assign(flatten(rows), centres);
}

/**
 * `kMeans` for many rows and clusters, on a named matrix held by the kernels. A row that is equally near to two centres
 * up to float32 rounding may go to either.
 */
export async function kMeansBy(
  kernels: Kernels,
  matrix: string,
  { data, columns }: { data: Float32Array; columns: number },
  k: number,
  random: Random,
  signal?: AbortSignal,
): Promise<Int32Array> {
  if (data.length === 0) return new Int32Array(0);
  const rows = sampleWithoutReplacement(random, data.length / columns, MAX_FIT_ROWS);
  const fit = { data: new Float32Array(rows.length * columns), columns };
  rows.forEach((row, i) => fit.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns));
  const centres = plusPlus(fit, k, random);
  let assigned: Int32Array | null = null;
  for (let step = 0; step <= MAX_STEPS; step++) {
    signal?.throwIfAborted();
    const { cluster, sums, sizes } = await kernels.lloydStep({ matrix, rows }, centres);
    if (cluster.every((own, i) => own === assigned?.[i])) break;
    assigned = cluster;
    for (let at = 0; at < centres.length; at++) {
      const size = sizes[Math.floor(at / columns)]!;
      if (size > 0) centres[at] = sums[at]! / size;
    }
  }
  return (await kernels.lloydStep({ matrix }, centres)).cluster;
}

function flatten(rows: ArrayLike<number>[]): Flat {
  const columns = rows[0]!.length;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => data.set(row, i * columns));
  return { data, columns };
}

/** Draws the first centre uniformly, each further one in proportion to its squared distance to the nearest centre. */
function plusPlus(fit: Flat, k: number, random: Random): Float64Array {
  const { data, columns } = fit;
  const n = data.length / columns;
  const centres = new Float64Array(k * columns);
  const nearest = new Float64Array(n).fill(Infinity);
  let count = 0;
  const add = (row: number): void => {
    centres.set(data.subarray(row * columns, (row + 1) * columns), count * columns);
    for (let i = 0; i < n; i++) nearest[i] = Math.min(nearest[i]!, squaredDistance(fit, i, centres, count));
    count++;
  };
  add(randomIndex(random, n));
  while (count < k) {
    const total = nearest.reduce((sum, value) => sum + value, 0);
    if (total === 0) break;
    let left = random() * total;
    let next = nearest.findIndex((value) => (left -= value) < 0);
    // Rounding can leave a sliver after the last row.
    if (next < 0) next = nearest.findLastIndex((value) => value > 0);
    add(next);
  }
  return centres.slice(0, count * columns);
}

function assign(rows: Flat, centres: Float64Array): Int32Array {
  const { columns } = rows;
  const k = centres.length / columns;
  return Int32Array.from({ length: rows.data.length / columns }, (_, i) => {
    let best = 0;
    let shortest = Infinity;
    for (let c = 0; c < k; c++) {
      const distance = squaredDistance(rows, i, centres, c);
      if (distance < shortest) {
        shortest = distance;
        best = c;
      }
    }
    return best;
  });
}

/** Moves every centre to the mean of its rows; a centre without rows stays. */
function moveToMeans({ data, columns }: Flat, centres: Float64Array, assigned: Int32Array): void {
  const sizes = new Float64Array(centres.length / columns);
  const sums = new Float64Array(centres.length);
  assigned.forEach((cluster, i) => {
    sizes[cluster]!++;
    for (let j = 0; j < columns; j++) sums[cluster * columns + j]! += data[i * columns + j]!;
  });
  for (let at = 0; at < centres.length; at++) {
    const size = sizes[Math.floor(at / columns)]!;
    if (size > 0) centres[at] = sums[at]! / size;
  }
}

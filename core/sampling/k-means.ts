import { randomIndex, sampleWithoutReplacement, type Random } from '../numeric/random.ts';

/** Lloyd steps, and rows that they are run on: centres settle long before either, and time stays bounded. */
const MAX_STEPS = 20;
const MAX_FIT_ROWS = 5000;

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2;
  return sum;
}

/**
 * The cluster 0..k-1 of every row: k-means++ seeding (Arthur and Vassilvitskii 2007) and at most 20 Lloyd steps on at
 * most 5,000 rows drawn at random, then every row to its nearest centre. Ties go to the lower cluster; there may be
 * fewer than k clusters when rows repeat. Deterministic for a given stream.
 *
 * @param rows equally long vectors without NaN
 */
export function kMeans(rows: ArrayLike<number>[], k: number, random: Random): Int32Array {
  if (rows.length === 0) return new Int32Array(0);
  const chosen = sampleWithoutReplacement(random, rows.length, MAX_FIT_ROWS);
  const fit = Array.from(chosen, (i) => rows[i]!);
  const centres = plusPlus(fit, k, random);
  let assigned = assign(fit, centres);
  for (let step = 0; step < MAX_STEPS; step++) {
    moveToMeans(fit, centres, assigned);
    const next = assign(fit, centres);
    const settled = next.every((cluster, i) => cluster === assigned[i]);
    assigned = next;
    if (settled) break;
  }
  return assign(rows, centres);
}

/** First centre uniform, each further one with probability proportional to the squared distance to the nearest. */
function plusPlus(rows: ArrayLike<number>[], k: number, random: Random): Float64Array[] {
  const centres = [Float64Array.from(rows[randomIndex(random, rows.length)]!)];
  const nearest = Float64Array.from(rows, (row) => squaredDistance(row, centres[0]!));
  while (centres.length < k) {
    const total = nearest.reduce((sum, value) => sum + value, 0);
    if (total === 0) break;
    let left = random() * total;
    let next = nearest.findIndex((value) => (left -= value) < 0);
    // Rounding can leave a sliver after the last row.
    if (next < 0) next = nearest.findLastIndex((value) => value > 0);
    const centre = Float64Array.from(rows[next]!);
    centres.push(centre);
    rows.forEach((row, i) => (nearest[i] = Math.min(nearest[i]!, squaredDistance(row, centre))));
  }
  return centres;
}

function assign(rows: ArrayLike<number>[], centres: Float64Array[]): Int32Array {
  return Int32Array.from(rows, (row) => {
    let best = 0;
    let shortest = Infinity;
    centres.forEach((centre, c) => {
      const distance = squaredDistance(row, centre);
      if (distance < shortest) {
        shortest = distance;
        best = c;
      }
    });
    return best;
  });
}

/** Moves every centre to the mean of its rows; one without rows stays. */
function moveToMeans(rows: ArrayLike<number>[], centres: Float64Array[], assigned: Int32Array): void {
  const sizes = new Float64Array(centres.length);
  const sums = centres.map((centre) => new Float64Array(centre.length));
  rows.forEach((row, i) => {
    const cluster = assigned[i]!;
    const sum = sums[cluster]!;
    sizes[cluster] = sizes[cluster]! + 1;
    for (let j = 0; j < sum.length; j++) sum[j] = sum[j]! + row[j]!;
  });
  centres.forEach((centre, c) => {
    if (sizes[c]! > 0) for (let j = 0; j < centre.length; j++) centre[j] = sums[c]![j]! / sizes[c]!;
  });
}

import { countOf, type Vectors } from './image-set.ts';

/** Euclidean distances between the rows of two sets: `rows x columns`, row-major. */
export interface Distances {
  rows: number;
  columns: number;
  data: Float64Array;
}

const ROWS_AT_ONCE = 64;

/**
 * All distances between two sets, in float64. O(n m d) time and n m memory, so it is for samples of a few thousand;
 * yields to other work between blocks of rows, and throws the signal's reason when it aborts.
 */
export async function distancesBetween(a: Vectors, b: Vectors, signal?: AbortSignal): Promise<Distances> {
  const { dimensions } = a;
  const rows = countOf(a);
  const columns = countOf(b);
  const data = new Float64Array(rows * columns);
  const left = Float64Array.from(a.data);
  const right = Float64Array.from(b.data);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    signal?.throwIfAborted();
    for (let i = first; i < Math.min(rows, first + ROWS_AT_ONCE); i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let d = 0, p = i * dimensions, q = j * dimensions; d < dimensions; d++, p++, q++) {
          const difference = left[p]! - right[q]!;
          sum += difference * difference;
        }
        data[i * columns + j] = Math.sqrt(sum);
      }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { rows, columns, data };
}

/** The distances between some rows and some columns. */
export function subDistances(
  { columns, data }: Distances,
  rows: ArrayLike<number>,
  others: ArrayLike<number>,
): Distances {
  const picked = new Float64Array(rows.length * others.length);
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < others.length; j++)
      picked[i * others.length + j] = data[rows[i]! * columns + others[j]!]!;
  return { rows: rows.length, columns: others.length, data: picked };
}

/** Distance of every row to its k-th nearest other row of the same set (self excluded by its place). */
export function kthWithin(within: Distances, k: number): Float64Array {
  return Float64Array.from({ length: within.rows }, (_, i) => {
    const row = within.data.slice(i * within.columns, (i + 1) * within.columns);
    row[i] = Infinity;
    return row.sort()[k - 1]!;
  });
}

/** The nearest column of every row and its distance; ties go to the first. */
export function nearestOf({ rows, columns, data }: Distances): { index: Int32Array; distance: Float64Array } {
  const index = new Int32Array(rows);
  const distance = new Float64Array(rows).fill(Infinity);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      if (data[i * columns + j]! < distance[i]!) {
        distance[i] = data[i * columns + j]!;
        index[i] = j;
      }
  return { index, distance };
}

export function transposed({ rows, columns, data }: Distances): Distances {
  const turned = new Float64Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!;
  return { rows: columns, columns: rows, data: turned };
}

import { breathe, dot, squaredNorms } from './rows.ts';
import type { SelectionTask } from './define.ts';

/** Rows that stand for all where there are more: coverage of a sample is coverage of the whole, up to chance. */
const MOST_COVERED = 4000;

/**
 * Greedy coverage: again and again the candidate x that adds most to `sum_j u_j max(0, k(x, x_j) - cover_j)`, where
 * `cover_j` is what labelled and chosen rows reach of row j already. `kernel` maps a squared distance to 0..1. Gains
 * only ever fall, so only the candidates at the top of a heap are reckoned again (lazy greedy; the result is the same).
 */
export async function coverGreedily(
  task: SelectionTask,
  weights: Float64Array,
  kernel: (squared: number) => number,
): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, random, signal } = task;
  const norms = squaredNorms(candidates, dimensions);
  const labelledNorms = squaredNorms(labelled, dimensions);
  const n = norms.length;
  const covered = sampleRows(n, random);
  const cover = new Float64Array(covered.length);
  const reach = (rows: Float32Array, rowNorms: Float64Array, row: number, at: number): number => {
    const j = covered[at]!;
    const squared = rowNorms[row]! + norms[j]! - 2 * dot(rows, row, candidates, j, dimensions);
    return kernel(Math.max(0, squared));
  };
  for (let row = 0; row < labelledNorms.length; row++) {
    await breathe(row, signal);
    for (let at = 0; at < covered.length; at++)
      cover[at] = Math.max(cover[at]!, reach(labelled, labelledNorms, row, at));
  }
  const gainOf = (row: number): number => {
    let gain = 0;
    for (let at = 0; at < covered.length; at++)
      gain += weights[covered[at]!]! * Math.max(0, reach(candidates, norms, row, at) - cover[at]!);
    return gain;
  };
  const gains = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    await breathe(row, signal);
    gains[row] = gainOf(row);
  }
  const order = [...gains.keys()].sort((a, b) => gains[b]! - gains[a]! || a - b);
  const chosen: number[] = [];
  while (chosen.length < Math.min(budget, n)) {
    await breathe(chosen.length, signal);
    for (;;) {
      const top = order[0]!;
      const now = gainOf(top);
      gains[top] = now;
      const next = order[1];
      if (next === undefined || now > gains[next]! || (now === gains[next]! && top < next)) break;
      sink(order, gains);
    }
    const row = order.shift()!;
    chosen.push(row);
    for (let at = 0; at < covered.length; at++)
      cover[at] = Math.max(cover[at]!, reach(candidates, norms, row, at));
  }
  return chosen;
}

/** Moves the first of the order behind everything that beats it. */
function sink(order: number[], gains: Float64Array): void {
  const row = order.shift()!;
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = order[middle]!;
    const ahead = gains[other]! - gains[row]!;
    if (ahead > 0 || (ahead === 0 && other < row)) low = middle + 1;
    else high = middle;
  }
  order.splice(low, 0, row);
}

function sampleRows(n: number, random: () => number): Int32Array {
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  if (n <= MOST_COVERED) return rows;
  for (let i = 0; i < MOST_COVERED; i++) {
    const j = i + Math.floor(random() * (n - i));
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows.slice(0, MOST_COVERED).sort();
}

/** The median squared distance between pairs of candidates, from at most 2,000 random pairs: the kernel's scale. */
export function typicalSquaredDistance({ candidates, dimensions, random }: SelectionTask): number {
  const norms = squaredNorms(candidates, dimensions);
  const n = norms.length;
  const squared: number[] = [];
  for (let pair = 0; pair < 2000 && n > 1; pair++) {
    const i = Math.floor(random() * n);
    const j = Math.floor(random() * n);
    if (i !== j)
      squared.push(Math.max(0, norms[i]! + norms[j]! - 2 * dot(candidates, i, candidates, j, dimensions)));
  }
  squared.sort((a, b) => a - b);
  return squared[squared.length >> 1] || 1;
}

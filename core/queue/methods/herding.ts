import type { SelectionTask } from './define.ts';
import { MaxHeap } from './max-heap.ts';
import { breathe, dot, squaredNorms } from './rows.ts';

/** Most rows to cover; beyond, a random sample represents all. */
const MOST_COVERED = 4000;
/** Candidates whose reach is computed at a time and cached: those at the top are queried repeatedly. */
const AT_ONCE = 256;
const MOST_KEPT = 8192;

type Side = 'candidates' | 'labelled';

/** What rows reach of the covered rows: `kernel` of their squared distances. */
class Reach {
  readonly #task: SelectionTask;
  readonly #covered: Int32Array;
  readonly #kernel: (squared: number) => number;
  readonly #norms: Record<Side, Float64Array>;
  readonly #id = crypto.randomUUID();

  constructor(task: SelectionTask, covered: Int32Array, kernel: (squared: number) => number) {
    const { candidates, labelled, dimensions } = task;
    this.#task = task;
    this.#covered = covered;
    this.#kernel = kernel;
    this.#norms = {
      candidates: squaredNorms(candidates, dimensions),
      labelled: squaredNorms(labelled, dimensions),
    };
  }

  async open(): Promise<void> {
    const { kernels, dimensions } = this.#task;
    for (const side of ['candidates', 'labelled'] as const) {
      const rows = this.#task[side];
      await kernels?.putMatrix(`${this.#id}-${side}`, rows, rows.length / dimensions, dimensions);
    }
  }

  async close(): Promise<void> {
    for (const side of ['candidates', 'labelled'])
      await this.#task.kernels?.dropMatrix(`${this.#id}-${side}`).catch(() => {});
  }

  /** rows x covered, row-major. */
  async of(rows: Int32Array, side: Side): Promise<Float32Array> {
    const { kernels, candidates, dimensions } = this.#task;
    const norms = this.#norms[side];
    const covered = this.#covered;
    const reach = kernels
      ? await kernels.products(
          { matrix: `${this.#id}-${side}`, rows },
          { matrix: `${this.#id}-candidates`, rows: covered },
        )
      : new Float32Array(rows.length * covered.length);
    for (let i = 0, at = 0; i < rows.length; i++)
      for (let c = 0; c < covered.length; c++, at++) {
        const j = covered[c]!;
        const product = kernels ? reach[at]! : dot(this.#task[side], rows[i]!, candidates, j, dimensions);
        reach[at] = this.#kernel(Math.max(0, norms[rows[i]!]! + this.#norms.candidates[j]! - 2 * product));
      }
    return reach;
  }
}

/**
 * Greedy coverage: repeatedly chooses the candidate x that adds most to `sum_j u_j max(0, k(x, x_j) - cover_j)`, where
 * `cover_j` is how far labelled and chosen rows already cover row j. `kernel` maps a squared distance to 0..1. Gains only
 * fall, so only candidates at the top of a heap are recomputed (lazy greedy; the result is the same).
 */
export async function coverGreedily(
  task: SelectionTask,
  weights: Float64Array,
  kernel: (squared: number) => number,
): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, random, signal } = task;
  const n = candidates.length / dimensions;
  const covered = sampleRows(n, random);
  const width = covered.length;
  const weight = Float64Array.from(covered, (row) => weights[row]!);
  const cover = new Float64Array(width);
  const raise = (reach: Float32Array): void => {
    for (let c = 0; c < width; c++) cover[c] = Math.max(cover[c]!, reach[c]!);
  };
  const gainOf = (reach: Float32Array): number => {
    let gain = 0;
    for (let c = 0; c < width; c++) gain += weight[c]! * Math.max(0, reach[c]! - cover[c]!);
    return gain;
  };
  const reaches = new Reach(task, covered, kernel);
  const each = async (
    count: number,
    side: Side,
    act: (row: number, reach: Float32Array) => void,
  ): Promise<void> => {
    for (let first = 0; first < count; first += AT_ONCE) {
      await breathe(0, signal);
      const rows = Int32Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => first + i);
      const reach = await reaches.of(rows, side);
      rows.forEach((row, i) => act(row, reach.subarray(i * width, (i + 1) * width)));
    }
  };
  try {
    await reaches.open();
    await each(labelled.length / dimensions, 'labelled', (_, reach) => raise(reach));
    const gains = new Float64Array(n);
    await each(n, 'candidates', (row, reach) => (gains[row] = gainOf(reach)));

    const heap = new MaxHeap(gains);
    const kept = new Map<number, Float32Array>();
    const reachOf = async (row: number): Promise<Float32Array> => {
      const known = kept.get(row);
      if (known) return known;
      if (kept.size > MOST_KEPT) kept.clear();
      const rows = heap.near(AT_ONCE).filter((near) => !kept.has(near));
      const reach = await reaches.of(rows, 'candidates');
      rows.forEach((near, i) => kept.set(near, reach.slice(i * width, (i + 1) * width)));
      return kept.get(row)!;
    };
    const chosen: number[] = [];
    while (chosen.length < Math.min(budget, n)) {
      await breathe(chosen.length, signal);
      do gains[heap.top!] = gainOf(await reachOf(heap.top!));
      while (!heap.settle());
      const row = heap.top!;
      heap.pop();
      chosen.push(row);
      raise(await reachOf(row));
      kept.delete(row);
    }
    return chosen;
  } finally {
    await reaches.close();
  }
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

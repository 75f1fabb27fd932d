/** What classifiers fitted by maximum likelihood share: their rows in blocks, and the sum of loss and gradient over them. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { floatsOf } from '../ort-session.ts';
import type { LogisticFit, LogisticTask } from '../types.ts';
import { minimise, type Objective } from './lbfgs.ts';
import type { Matrix } from './matrix-store.ts';

/** Rows a block: a block of 256 columns stays in the second-level cache between its two products. */
const BLOCK_ROWS = 2048;
const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_MAX_ITERATIONS = 300;

/** A checked task, without its matrix. */
type Task = Pick<
  LogisticTask,
  'labels' | 'soft' | 'sampleWeights' | 'classes' | 'lambda' | 'start' | 'tolerance' | 'maxIterations'
>;

/** A part of the parameters: an input of the graph, and the output with its gradient. */
interface Part {
  input: string;
  shape: [number, number];
  gradient: string;
  isPenalised: boolean;
}

/** The graph of one class a row, and that of soft targets, which only a task with them takes. */
export interface FitSessions {
  hard: InferenceSession;
  soft: InferenceSession | null;
}

interface Block {
  session: InferenceSession;
  fixed: Record<string, Tensor>;
  weights: Float64Array;
}

/** The matrix in blocks, without its data being copied; blocks in which no row counts are left out. */
function blocksOf({ hard, soft }: FitSessions, x: Matrix, task: Task): Block[] {
  const total = task.sampleWeights.reduce((sum, weight) => sum + weight, 0);
  const shares = task.sampleWeights.map((weight) => weight / total);
  const classes = new Tensor('int32', Int32Array.of(task.classes), []);
  const blocks: Block[] = [];
  for (let first = 0; first < x.rows; first += BLOCK_ROWS) {
    const end = Math.min(x.rows, first + BLOCK_ROWS);
    const n = end - first;
    const weights = shares.subarray(first, end);
    if (weights.every((weight) => weight === 0)) continue;
    const rows = {
      x: new Tensor('float32', x.data.subarray(first * x.columns, end * x.columns), [n, x.columns]),
      weight: new Tensor('float32', Float32Array.from(weights), [n, 1]),
    };
    const target = targetsOf(task, first, end);
    blocks.push(
      target
        ? {
            session: soft!,
            fixed: { ...rows, target: new Tensor('float32', target, [n, task.classes]) },
            weights,
          }
        : {
            session: hard,
            fixed: { ...rows, classes, label: new Tensor('int32', task.labels.subarray(first, end), [n]) },
            weights,
          },
    );
  }
  return blocks;
}

/** Targets of some rows, n x classes: one-hot of their labels, or their shares; null where no row has shares. */
function targetsOf({ labels, soft, classes }: Task, first: number, end: number): Float32Array | null {
  if (!soft?.rows.some((row) => row >= first && row < end)) return null;
  const target = new Float32Array((end - first) * classes);
  // A row that does not count may have any label.
  for (let row = first; row < end; row++)
    if (labels[row]! >= 0 && labels[row]! < classes) target[(row - first) * classes + labels[row]!] = 1;
  soft.rows.forEach((row, i) => {
    if (row < first || row >= end) return;
    target.set(soft.shares.subarray(i * classes, (i + 1) * classes), (row - first) * classes);
  });
  return target;
}

/**
 * Mean of -ln likelihood over the weighted rows plus lambda/2 times the squares of the penalised parts, with its
 * gradient. The graph's outputs are `likelihood` (n) and the gradients that `parts` name, in the order of the parameters.
 */
export function blockObjective(
  sessions: FitSessions,
  x: Matrix,
  task: Task,
  parts: readonly Part[],
): Objective {
  const blocks = blocksOf(sessions, x, task);
  const { lambda } = task;
  let end = 0;
  const placed = parts.map((part) => ({ ...part, from: end, to: (end += part.shape[0] * part.shape[1]) }));
  return async (parameters, gradient) => {
    const single = Float32Array.from(parameters);
    const given = Object.fromEntries(
      placed.map(({ input, shape, from, to }) => [
        input,
        new Tensor('float32', single.subarray(from, to), shape),
      ]),
    );
    let loss = 0;
    gradient.fill(0);
    for (const { session, fixed, weights } of blocks) {
      const result = await session.run({ ...fixed, ...given });
      const likelihood = floatsOf(result, 'likelihood');
      // A row that does not count may have any label, and then has no meaning here.
      for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) loss -= weights[i]! * likelihood[i]!;
      for (const { gradient: name, from, to } of placed) {
        const part = floatsOf(result, name);
        for (let i = from; i < to; i++) gradient[i]! += part[i - from]!;
      }
    }
    for (const { isPenalised, from, to } of placed)
      for (let i = from; isPenalised && i < to; i++) {
        loss += (lambda / 2) * parameters[i]! * parameters[i]!;
        gradient[i]! += lambda * parameters[i]!;
      }
    return loss;
  };
}

/** Minimises by L-BFGS from the task's start, else from zeros. Tolerance 1e-4 and 300 iterations unless told. */
export async function fitBlocks(objective: Objective, size: number, task: Task): Promise<LogisticFit> {
  const minimum = await minimise(
    objective,
    task.start ?? new Float64Array(size),
    task.tolerance ?? DEFAULT_TOLERANCE,
    task.maxIterations ?? DEFAULT_MAX_ITERATIONS,
  );
  return { weights: minimum.x, iterations: minimum.iterations, converged: minimum.converged };
}

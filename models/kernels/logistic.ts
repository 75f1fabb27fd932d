/**
 * Weighted multinomial logistic regression. ONNX Runtime computes each block's log-likelihoods and gradient in float32,
 * reading the matrix in place; blocks are summed, and the optimiser steps, in float64. For a given number of threads
 * the result is the same to the bit.
 */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { graph, model, node, tensor, valueInfo } from '../onnx-writer.ts';
import { floatsOf } from '../ort-session.ts';
import type { LogisticFit, LogisticTask } from '../types.ts';
import { minimise } from './lbfgs.ts';
import type { Matrix } from './matrix-store.ts';

/** Rows a block: a block of 256 columns stays in the second-level cache between its two products. */
const BLOCK_ROWS = 2048;
const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_MAX_ITERATIONS = 300;

/**
 * Inputs x (n x d), w (d x c), bias (1 x c), label (n), weight (n x 1), classes (scalar). Outputs per row the
 * log-probability of its label, and the gradients of -sum weight * log-probability by w and by bias.
 */
export function logisticGraph(): Uint8Array {
  const nodes = [
    node('Gemm', ['x', 'w', 'bias'], ['logits']),
    node('LogSoftmax', ['logits'], ['logp'], { axis: -1 }),
    node('OneHot', ['label', 'classes', 'off_on'], ['target'], { axis: -1 }),
    node('Mul', ['logp', 'target'], ['picked']),
    node('ReduceSum', ['picked', 'last_axis'], ['likelihood'], { keepdims: 0 }),
    node('Exp', ['logp'], ['p']),
    node('Sub', ['p', 'target'], ['residual']),
    node('Mul', ['residual', 'weight'], ['weighted']),
    node('Gemm', ['x', 'weighted'], ['gradient'], { transA: 1 }),
    node('ReduceSum', ['weighted', 'first_axis'], ['bias_gradient'], { keepdims: 0 }),
  ];
  const initializers = [
    tensor('off_on', [2], Float32Array.of(0, 1)),
    tensor('last_axis', [1], BigInt64Array.of(1n)),
    tensor('first_axis', [1], BigInt64Array.of(0n)),
  ];
  const inputs = [
    valueInfo('x', 'float32', ['n', 'd']),
    valueInfo('w', 'float32', ['d', 'c']),
    valueInfo('bias', 'float32', [1, 'c']),
    valueInfo('label', 'int32', ['n']),
    valueInfo('weight', 'float32', ['n', 1]),
    valueInfo('classes', 'int32', []),
  ];
  const outputs = [
    valueInfo('likelihood', 'float32', ['n']),
    valueInfo('gradient', 'float32', ['d', 'c']),
    valueInfo('bias_gradient', 'float32', ['c']),
  ];
  return model(graph({ nodes, initializers, inputs, outputs })).finish();
}

/** A checked task, with its matrix. */
type Task = Omit<LogisticTask, 'x'>;

interface Block {
  fixed: Record<'x' | 'label' | 'weight' | 'classes', Tensor>;
  weights: Float64Array;
}

/** The matrix in blocks, without its data being copied; blocks in which no row counts are left out. */
function blocksOf(x: Matrix, task: Task): Block[] {
  const total = task.sampleWeights.reduce((sum, weight) => sum + weight, 0);
  const shares = task.sampleWeights.map((weight) => weight / total);
  const classes = new Tensor('int32', Int32Array.of(task.classes), []);
  const blocks: Block[] = [];
  for (let first = 0; first < x.rows; first += BLOCK_ROWS) {
    const end = Math.min(x.rows, first + BLOCK_ROWS);
    const n = end - first;
    const weights = shares.subarray(first, end);
    if (weights.every((weight) => weight === 0)) continue;
    const fixed = {
      x: new Tensor('float32', x.data.subarray(first * x.columns, end * x.columns), [n, x.columns]),
      label: new Tensor('int32', task.labels.subarray(first, end), [n]),
      weight: new Tensor('float32', Float32Array.from(weights), [n, 1]),
      classes,
    };
    blocks.push({ fixed, weights });
  }
  return blocks;
}

/**
 * Loss and gradient of `Kernels.fitLogistic` at `parameters` ((d + 1) x classes, bias last), as an objective.
 * Exported for the check against finite differences.
 */
export function logisticObjective(session: InferenceSession, x: Matrix, task: Task) {
  const blocks = blocksOf(x, task);
  const { classes, lambda } = task;
  const penalised = x.columns * classes;
  return async (parameters: Float64Array, gradient: Float64Array): Promise<number> => {
    const single = Float32Array.from(parameters);
    const w = new Tensor('float32', single.subarray(0, penalised), [x.columns, classes]);
    const bias = new Tensor('float32', single.subarray(penalised), [1, classes]);
    let loss = 0;
    gradient.fill(0);
    for (const { fixed, weights } of blocks) {
      const result = await session.run({ ...fixed, w, bias });
      const likelihood = floatsOf(result, 'likelihood');
      // A row that does not count may have any label, and then has no meaning here.
      for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) loss -= weights[i]! * likelihood[i]!;
      const part = floatsOf(result, 'gradient');
      for (let i = 0; i < penalised; i++) gradient[i]! += part[i]!;
      const biasPart = floatsOf(result, 'bias_gradient');
      for (let i = 0; i < classes; i++) gradient[penalised + i]! += biasPart[i]!;
    }
    for (let i = 0; i < penalised; i++) {
      loss += (lambda / 2) * parameters[i]! * parameters[i]!;
      gradient[i]! += lambda * parameters[i]!;
    }
    return loss;
  };
}

/** Fits by L-BFGS; `Kernels.fitLogistic` states the objective. Tolerance 1e-4 and 300 iterations unless told. */
export async function fitLogistic(session: InferenceSession, x: Matrix, task: Task): Promise<LogisticFit> {
  const start = task.start ?? new Float64Array((x.columns + 1) * task.classes);
  const minimum = await minimise(
    logisticObjective(session, x, task),
    start,
    task.tolerance ?? DEFAULT_TOLERANCE,
    task.maxIterations ?? DEFAULT_MAX_ITERATIONS,
  );
  return { weights: minimum.x, iterations: minimum.iterations, converged: minimum.converged };
}

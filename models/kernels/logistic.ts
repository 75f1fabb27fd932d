/**
 * Weighted multinomial logistic regression. ONNX Runtime computes each block's log-likelihoods and gradient in float32,
 * reading the matrix in place; blocks are summed, and the optimiser steps, in float64. For a given number of threads
 * the result is the same to the bit.
 */
import { graph, model, node, tensor, valueInfo } from '../onnx-writer.ts';
import type { LogisticFit, LogisticTask } from '../types.ts';
import { blockObjective, fitBlocks, type FitSessions } from './blocks.ts';
import type { Matrix } from './matrix-store.ts';

/**
 * Inputs x (n x d), w (d x c), bias (1 x c), label (n), weight (n x 1), classes (scalar). Outputs per row the
 * log-probability of its label, and the gradients of -sum weight * log-probability by w and by bias. With soft targets the
 * input target (n x c) stands for label and classes, and the log-probability is the mean over it.
 */
export function logisticGraph(isSoft = false): Uint8Array {
  const nodes = [
    node('Gemm', ['x', 'w', 'bias'], ['logits']),
    node('LogSoftmax', ['logits'], ['logp'], { axis: -1 }),
    ...(isSoft ? [] : [node('OneHot', ['label', 'classes', 'off_on'], ['target'], { axis: -1 })]),
    node('Mul', ['logp', 'target'], ['picked']),
    node('ReduceSum', ['picked', 'last_axis'], ['likelihood'], { keepdims: 0 }),
    node('Exp', ['logp'], ['p']),
    node('Sub', ['p', 'target'], ['residual']),
    node('Mul', ['residual', 'weight'], ['weighted']),
    node('Gemm', ['x', 'weighted'], ['gradient'], { transA: 1 }),
    node('ReduceSum', ['weighted', 'first_axis'], ['bias_gradient'], { keepdims: 0 }),
  ];
  const initializers = [
    ...(isSoft ? [] : [tensor('off_on', [2], Float32Array.of(0, 1))]),
    tensor('last_axis', [1], BigInt64Array.of(1n)),
    tensor('first_axis', [1], BigInt64Array.of(0n)),
  ];
  const inputs = [
    valueInfo('x', 'float32', ['n', 'd']),
    valueInfo('w', 'float32', ['d', 'c']),
    valueInfo('bias', 'float32', [1, 'c']),
    valueInfo('weight', 'float32', ['n', 1]),
    ...(isSoft
      ? [valueInfo('target', 'float32', ['n', 'c'])]
      : [valueInfo('label', 'int32', ['n']), valueInfo('classes', 'int32', [])]),
  ];
  const outputs = [
    valueInfo('likelihood', 'float32', ['n']),
    valueInfo('gradient', 'float32', ['d', 'c']),
    valueInfo('bias_gradient', 'float32', ['c']),
  ];
  return model(graph({ nodes, initializers, inputs, outputs })).finish();
}

/** Fits by L-BFGS; `Kernels.fitLogistic` states the objective. Tolerance 1e-4 and 300 iterations unless told. */
export async function fitLogistic(
  sessions: FitSessions,
  x: Matrix,
  task: Omit<LogisticTask, 'x'>,
): Promise<LogisticFit> {
  return fitBlocks(logisticObjective(sessions, x, task), (x.columns + 1) * task.classes, task);
}

/**
 * Loss and gradient of `Kernels.fitLogistic` at `parameters` ((d + 1) x classes, bias last), as an objective.
 * Exported for the check against finite differences.
 */
export function logisticObjective(sessions: FitSessions, x: Matrix, task: Omit<LogisticTask, 'x'>) {
  return blockObjective(sessions, x, task, [
    { input: 'w', shape: [x.columns, task.classes], gradient: 'gradient', isPenalised: true },
    { input: 'bias', shape: [1, task.classes], gradient: 'bias_gradient', isPenalised: false },
  ]);
}

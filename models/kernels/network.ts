/**
 * A classifier with one hidden layer of tanh units. As of the logistic regression, ONNX Runtime computes each block's
 * log-likelihoods and gradients in float32, and the optimiser steps in float64.
 */
import { graph, model, node, tensor, valueInfo } from '../onnx-writer.ts';
import type { LogisticFit, NetworkTask } from '../types.ts';
import { blockObjective, fitBlocks, type FitSessions } from './blocks.ts';
import type { Matrix } from './matrix-store.ts';

/**
 * Inputs x (n x d), w1 (d x h), b1 (1 x h), w2 (h x c), b2 (1 x c), label (n), weight (n x 1), classes (scalar). Outputs
 * per row the log-probability of its label, and the gradients of -sum weight * log-probability by each parameter. With soft
 * targets the input target (n x c) stands for label and classes, as of the logistic regression.
 */
export function networkGraph(isSoft = false): Uint8Array {
  const nodes = [
    node('Gemm', ['x', 'w1', 'b1'], ['into']),
    node('Tanh', ['into'], ['hidden']),
    node('Gemm', ['hidden', 'w2', 'b2'], ['logits']),
    node('LogSoftmax', ['logits'], ['logp'], { axis: -1 }),
    ...(isSoft ? [] : [node('OneHot', ['label', 'classes', 'off_on'], ['target'], { axis: -1 })]),
    node('Mul', ['logp', 'target'], ['picked']),
    node('ReduceSum', ['picked', 'last_axis'], ['likelihood'], { keepdims: 0 }),
    node('Exp', ['logp'], ['p']),
    node('Sub', ['p', 'target'], ['residual']),
    node('Mul', ['residual', 'weight'], ['weighted']),
    node('Gemm', ['hidden', 'weighted'], ['w2_gradient'], { transA: 1 }),
    node('ReduceSum', ['weighted', 'first_axis'], ['b2_gradient'], { keepdims: 0 }),
    node('Gemm', ['weighted', 'w2'], ['back'], { transB: 1 }),
    node('Mul', ['hidden', 'hidden'], ['square']),
    node('Sub', ['one', 'square'], ['slope']),
    node('Mul', ['back', 'slope'], ['inner']),
    node('Gemm', ['x', 'inner'], ['w1_gradient'], { transA: 1 }),
    node('ReduceSum', ['inner', 'first_axis'], ['b1_gradient'], { keepdims: 0 }),
  ];
  const initializers = [
    ...(isSoft ? [] : [tensor('off_on', [2], Float32Array.of(0, 1))]),
    tensor('one', [1], Float32Array.of(1)),
    tensor('last_axis', [1], BigInt64Array.of(1n)),
    tensor('first_axis', [1], BigInt64Array.of(0n)),
  ];
  const inputs = [
    valueInfo('x', 'float32', ['n', 'd']),
    valueInfo('w1', 'float32', ['d', 'h']),
    valueInfo('b1', 'float32', [1, 'h']),
    valueInfo('w2', 'float32', ['h', 'c']),
    valueInfo('b2', 'float32', [1, 'c']),
    valueInfo('weight', 'float32', ['n', 1]),
    ...(isSoft
      ? [valueInfo('target', 'float32', ['n', 'c'])]
      : [valueInfo('label', 'int32', ['n']), valueInfo('classes', 'int32', [])]),
  ];
  const outputs = [
    valueInfo('likelihood', 'float32', ['n']),
    valueInfo('w1_gradient', 'float32', ['d', 'h']),
    valueInfo('b1_gradient', 'float32', ['h']),
    valueInfo('w2_gradient', 'float32', ['h', 'c']),
    valueInfo('b2_gradient', 'float32', ['c']),
  ];
  return model(graph({ nodes, initializers, inputs, outputs })).finish();
}

/** Loss and gradient of `Kernels.fitNetwork`, as an objective. Exported for the check against finite differences. */
export function networkObjective(sessions: FitSessions, x: Matrix, task: Omit<NetworkTask, 'x'>) {
  const { hidden, classes } = task;
  return blockObjective(sessions, x, task, [
    { input: 'w1', shape: [x.columns, hidden], gradient: 'w1_gradient', isPenalised: true },
    { input: 'b1', shape: [1, hidden], gradient: 'b1_gradient', isPenalised: false },
    { input: 'w2', shape: [hidden, classes], gradient: 'w2_gradient', isPenalised: true },
    { input: 'b2', shape: [1, classes], gradient: 'b2_gradient', isPenalised: false },
  ]);
}

/** Fits by L-BFGS from the task's start; `Kernels.fitNetwork` states the objective. */
export async function fitNetwork(
  sessions: FitSessions,
  x: Matrix,
  task: Omit<NetworkTask, 'x'>,
): Promise<LogisticFit> {
  return fitBlocks(networkObjective(sessions, x, task), task.start.length, task);
}

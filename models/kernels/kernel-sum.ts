/** Sums of a kernel over all pairs of rows, in float64 on ONNX Runtime: the terms of a mean discrepancy. */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { graph, model, node, tensor, valueInfo } from '../onnx-writer.ts';
import { doublesOf } from '../ort-session.ts';
import type { PairKernel } from '../types.ts';
import type { Matrix } from './matrix-store.ts';
import { takeRows } from './rows.ts';

const LEFT_ROWS = 1024;
const RIGHT_ROWS = 2048;

const sides = [
  node('Cast', ['a'], ['left'], { to: 11 }),
  node('Cast', ['b'], ['right'], { to: 11 }),
  node('Gemm', ['left', 'right'], ['dot'], { transB: 1 }),
];
const inputs = [
  valueInfo('a', 'float32', ['m', 'd']),
  valueInfo('b', 'float32', ['n', 'd']),
  valueInfo('factor', 'float64', []),
];
const outputs = [valueInfo('sum', 'float64', [])];
const total = node('ReduceSum', ['value'], ['sum'], { keepdims: 0 });

/** Inputs a (m x d), b (n x d), factor; output the sum of (factor a.b + 1)^3. */
export function polynomialGraph(): Uint8Array {
  const nodes = [
    ...sides,
    node('Mul', ['dot', 'factor'], ['scaled']),
    node('Add', ['scaled', 'one'], ['base']),
    node('Mul', ['base', 'base'], ['square']),
    node('Mul', ['square', 'base'], ['value']),
    total,
  ];
  const initializers = [tensor('one', [], Float64Array.of(1))];
  return model(graph({ nodes, initializers, inputs, outputs })).finish();
}

/** Inputs a (m x d), b (n x d), factor; output the sum of exp(factor |a - b|^2). */
export function gaussianGraph(): Uint8Array {
  const nodes = [
    ...sides,
    node('Mul', ['left', 'left'], ['left_squares']),
    node('ReduceSum', ['left_squares', 'last_axis'], ['left_norms'], { keepdims: 1 }),
    node('Mul', ['right', 'right'], ['right_squares']),
    node('ReduceSum', ['right_squares', 'last_axis'], ['right_norms'], { keepdims: 0 }),
    node('Add', ['left_norms', 'right_norms'], ['norms']),
    node('Mul', ['dot', 'two'], ['twice']),
    node('Sub', ['norms', 'twice'], ['rounded']),
    node('Max', ['rounded', 'zero'], ['squared']),
    node('Mul', ['squared', 'factor'], ['exponent']),
    node('Exp', ['exponent'], ['value']),
    total,
  ];
  const initializers = [
    tensor('last_axis', [1], BigInt64Array.of(1n)),
    tensor('two', [], Float64Array.of(2)),
    tensor('zero', [], Float64Array.of(0)),
  ];
  return model(graph({ nodes, initializers, inputs, outputs })).finish();
}

/** `Kernels.kernelSum`. A matrix against itself takes half the work: what lies below the diagonal is what lies above. */
export async function kernelSum(
  session: InferenceSession,
  a: Matrix,
  b: Matrix,
  kernel: PairKernel,
): Promise<number> {
  const { columns } = a;
  const step = { left: a === b ? RIGHT_ROWS : LEFT_ROWS, right: RIGHT_ROWS };
  const scale = 'sigma' in kernel ? -1 / (2 * kernel.sigma * kernel.sigma) : 1 / columns;
  const factor = new Tensor('float64', Float64Array.of(scale), []);
  let sum = 0;
  for (let i = 0; i < a.rows; i += step.left) {
    const m = Math.min(step.left, a.rows - i);
    const left = new Tensor('float32', takeRows(a, undefined, i, i + m), [m, columns]);
    for (let j = a === b ? i : 0; j < b.rows; j += step.right) {
      const n = Math.min(step.right, b.rows - j);
      const right = new Tensor('float32', takeRows(b, undefined, j, j + n), [n, columns]);
      const part = doublesOf(await session.run({ a: left, b: right, factor }), 'sum')[0]!;
      sum += a === b && j > i ? 2 * part : part;
    }
  }
  return sum;
}

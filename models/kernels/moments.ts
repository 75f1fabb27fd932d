/** Mean and covariance of the rows of a matrix, in float64 on ONNX Runtime, one block of rows at a time. */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { graph, model, node, tensor, valueInfo } from '../onnx-writer.ts';
import { doublesOf } from '../ort-session.ts';
import type { Moments } from '../types.ts';
import type { Matrix } from './matrix-store.ts';
import { takeRows } from './rows.ts';

const BLOCK_ROWS = 4096;

/** Inputs x (n x d) and shift (1 x d); outputs the sums of x - shift over the rows, and of its products, d x d. */
export function momentsGraph(): Uint8Array {
  const nodes = [
    node('Cast', ['x'], ['wide'], { to: 11 }),
    node('Sub', ['wide', 'shift'], ['centred']),
    node('ReduceSum', ['centred', 'first_axis'], ['sum'], { keepdims: 0 }),
    node('Gemm', ['centred', 'centred'], ['product'], { transA: 1 }),
  ];
  const inputs = [valueInfo('x', 'float32', ['n', 'd']), valueInfo('shift', 'float64', [1, 'd'])];
  const outputs = [valueInfo('sum', 'float64', ['d']), valueInfo('product', 'float64', ['d', 'd'])];
  const initializers = [tensor('first_axis', [1], BigInt64Array.of(0n))];
  return model(graph({ nodes, initializers, inputs, outputs })).finish();
}

/** Means of the columns of some rows. */
function meanOf(rows: Float32Array, columns: number): Float64Array {
  const mean = new Float64Array(columns);
  for (let at = 0; at < rows.length; at++) mean[at % columns]! += rows[at]!;
  return mean.map((sum) => sum / (rows.length / columns));
}

/**
 * `Kernels.moments`. Everything is shifted by the mean of the first block, so that what is subtracted in the end is
 * small and the one pass loses no digits.
 */
export async function moments(
  session: InferenceSession,
  x: Matrix,
  rows: Int32Array | undefined,
): Promise<Moments> {
  const { columns: d } = x;
  const count = rows?.length ?? x.rows;
  const sum = new Float64Array(d);
  const product = new Float64Array(d * d);
  const shift = meanOf(takeRows(x, rows, 0, Math.min(count, BLOCK_ROWS)), d);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const end = Math.min(count, first + BLOCK_ROWS);
    const result = await session.run({
      x: new Tensor('float32', takeRows(x, rows, first, end), [end - first, d]),
      shift: new Tensor('float64', shift, [1, d]),
    });
    doublesOf(result, 'sum').forEach((value, i) => (sum[i]! += value));
    const part = doublesOf(result, 'product');
    for (let i = 0; i < part.length; i++) product[i]! += part[i]!;
  }
  const divisor = Math.max(1, count - 1);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      product[i * d + j] = (product[i * d + j]! - (sum[i]! * sum[j]!) / count) / divisor;
  return { count, mean: shift.map((value, i) => value + sum[i]! / count), covariance: product };
}

/** One step of Lloyd's k-means: rows to their nearest centre on ONNX Runtime, sums of the clusters in float64. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { graph, model, node, valueInfo } from '../onnx-writer.ts';
import { integersOf } from '../ort-session.ts';
import type { LloydStep } from '../types.ts';
import { squaredNorms, takeRows, type Matrix } from './matrix-store.ts';

const BLOCK_ROWS = 4096;

/**
 * Inputs x (n x d), centres (k x d), norms (1 x k); output the nearest centre of every row, the first of equal ones.
 */
export function lloydGraph(): Uint8Array {
  const nodes = [
    node('Gemm', ['x', 'centres', 'norms'], ['score'], { alpha: { float: -2 }, transB: 1 }),
    node('ArgMin', ['score'], ['nearest64'], { axis: 1, keepdims: 0 }),
    node('Cast', ['nearest64'], ['nearest'], { to: 6 }),
  ];
  const inputs = [
    valueInfo('x', 'float32', ['n', 'd']),
    valueInfo('centres', 'float32', ['k', 'd']),
    valueInfo('norms', 'float32', [1, 'k']),
  ];
  return model(graph({ nodes, inputs, outputs: [valueInfo('nearest', 'int32', ['n'])] })).finish();
}

/** `Kernels.lloydStep`. */
export async function lloydStep(
  session: InferenceSession,
  x: Matrix,
  rows: Int32Array | undefined,
  centres: Float64Array,
): Promise<LloydStep> {
  const { columns: d } = x;
  const k = centres.length / d;
  const count = rows?.length ?? x.rows;
  const single = Float32Array.from(centres);
  const fixed = {
    centres: new Tensor('float32', single, [k, d]),
    norms: new Tensor('float32', squaredNorms(single, d, 'the centres'), [1, k]),
  };
  const cluster = new Int32Array(count);
  const sums = new Float64Array(centres.length);
  const sizes = new Int32Array(k);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const end = Math.min(count, first + BLOCK_ROWS);
    const block = takeRows(x, rows, first, end);
    const nearest = integersOf(
      await session.run({ x: new Tensor('float32', block, [end - first, d]), ...fixed }),
      'nearest',
    );
    cluster.set(nearest, first);
    for (let i = 0; i < nearest.length; i++) {
      const own = nearest[i]!;
      sizes[own]!++;
      for (let at = i * d, sum = own * d; at < (i + 1) * d; at++, sum++) sums[sum]! += block[at]!;
    }
  }
  return { cluster, sums, sizes };
}

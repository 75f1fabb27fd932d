/** Dot products of the rows of one matrix with the rows of another, in float32 on ONNX Runtime. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { graph, model, node, valueInfo } from '../onnx-writer.ts';
import type { MatrixRows } from '../types.ts';
import { countRows, takeRows, type Matrix } from './matrix-store.ts';

/** Inputs left (m x d) and right (n x d); output their products, m x n. */
export function productsGraph(): Uint8Array {
  return model(
    graph({
      nodes: [node('Gemm', ['left', 'right'], ['product'], { transB: 1 })],
      inputs: [valueInfo('left', 'float32', ['m', 'd']), valueInfo('right', 'float32', ['n', 'd'])],
      outputs: [valueInfo('product', 'float32', ['m', 'n'])],
    }),
  ).finish();
}

/** `Kernels.products`, whole: the caller keeps the answer small. */
export async function products(
  session: InferenceSession,
  left: { matrix: Matrix; of: MatrixRows },
  right: { matrix: Matrix; of: MatrixRows },
): Promise<Float32Array> {
  const { columns } = left.matrix;
  const m = countRows(left.matrix, left.of);
  const n = countRows(right.matrix, right.of);
  const product = new Float32Array(m * n);
  if (product.length === 0) return product;
  await session.run(
    {
      left: new Tensor('float32', takeRows(left.matrix, left.of.rows, 0, m), [m, columns]),
      right: new Tensor('float32', takeRows(right.matrix, right.of.rows, 0, n), [n, columns]),
    },
    { product: new Tensor('float32', product, [m, n]) },
  );
  return product;
}

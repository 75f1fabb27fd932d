import { InferenceSession, Tensor } from 'onnxruntime-node';
import { graph, model, node, valueInfo } from '../models/onnx-writer.ts';
import { timed } from './context.ts';

/** Rows of the left side at a time: the whole product of 20,000 rows would take 1.6 GB. */
const BLOCK_ROWS = [256, 512, 1024];
/** The first pass over a block height also pays for its memory. */
const ROUNDS = 3;

/**
 * Billions of operations per second of ONNX Runtime's own product of a matrix (rows x columns, row-major) with its
 * transpose, written into one block of memory again and again; the best of several block heights.
 */
export async function matMulGflops(
  data: Float32Array,
  rows: number,
  columns: number,
  threads: number,
): Promise<number> {
  const session = await InferenceSession.create(matMulModel(), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
  });
  try {
    const transposed = new Float32Array(data.length);
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < columns; j++) transposed[j * rows + row] = data[row * columns + j]!;
    const right = new Tensor('float32', transposed, [columns, rows]);
    let best = 0;
    for (const height of BLOCK_ROWS) {
      const out = new Float32Array(height * rows);
      const pass = async (): Promise<void> => {
        for (let first = 0; first < rows; first += height) {
          const n = Math.min(height, rows - first);
          const block = data.subarray(first * columns, (first + n) * columns);
          await session.run(
            { left: new Tensor('float32', block, [n, columns]), right },
            { product: new Tensor('float32', out.subarray(0, n * rows), [n, rows]) },
          );
        }
      };
      for (let round = 0; round < ROUNDS; round++) {
        const { seconds } = await timed(() => pass());
        best = Math.max(best, (2 * rows * rows * columns) / seconds / 1e9);
      }
    }
    return best;
  } finally {
    await session.release();
  }
}

function matMulModel(): Uint8Array {
  return model(
    graph({
      nodes: [node('MatMul', ['left', 'right'], ['product'])],
      inputs: [valueInfo('left', 'float32', ['m', 'd']), valueInfo('right', 'float32', ['d', 'n'])],
      outputs: [valueInfo('product', 'float32', ['m', 'n'])],
    }),
  ).finish();
}

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { graph, model, node, valueInfo } from '../models/onnx-writer.ts';
import { timed } from './context.ts';

/** Rows of the left side at a time: the whole product of 20,000 rows would take 1.6 GB. */
const BLOCK_ROWS = [256, 512, 1024];

/** ONNX Runtime's own product of a matrix (rows x columns, row-major) with its transpose: what bounds a search. */
export class PlainProduct {
  readonly #session: InferenceSession;
  readonly #data: Float32Array;
  readonly #rows: number;
  readonly #columns: number;
  readonly #right: Tensor;
  /** The block height that was fastest in a trial. */
  #height = BLOCK_ROWS[0]!;
  readonly #out: Float32Array;

  private constructor(session: InferenceSession, data: Float32Array, rows: number, columns: number) {
    this.#session = session;
    this.#data = data;
    this.#rows = rows;
    this.#columns = columns;
    const transposed = new Float32Array(data.length);
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < columns; j++) transposed[j * rows + row] = data[row * columns + j]!;
    this.#right = new Tensor('float32', transposed, [columns, rows]);
    this.#out = new Float32Array(Math.max(...BLOCK_ROWS) * rows);
  }

  /** Tries the block heights on the first rows and keeps the fastest. The caller must close it. */
  static async open(data: Float32Array, columns: number, threads: number): Promise<PlainProduct> {
    const session = await InferenceSession.create(matMulModel(), {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
    });
    const product = new PlainProduct(session, data, data.length / columns, columns);
    const trial = Math.min(product.#rows, 2 * Math.max(...BLOCK_ROWS));
    const seconds: number[] = [];
    for (const height of BLOCK_ROWS) {
      product.#height = height;
      // The first pass also allocates the memory.
      await product.seconds(0, trial);
      seconds.push(await product.seconds(0, trial));
    }
    product.#height = BLOCK_ROWS[seconds.indexOf(Math.min(...seconds))]!;
    return product;
  }

  /** Seconds that the product of `count` rows from `first` on with all rows takes, into one block of memory. */
  async seconds(first: number, count: number): Promise<number> {
    const columns = this.#columns;
    return (
      await timed(async () => {
        for (let row = first; row < first + count; row += this.#height) {
          const n = Math.min(this.#height, first + count - row);
          const block = this.#data.subarray(row * columns, (row + n) * columns);
          await this.#session.run(
            { left: new Tensor('float32', block, [n, columns]), right: this.#right },
            { product: new Tensor('float32', this.#out.subarray(0, n * this.#rows), [n, this.#rows]) },
          );
        }
      })
    ).seconds;
  }

  close(): Promise<void> {
    return this.#session.release();
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

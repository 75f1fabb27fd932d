/**
 * Kernel ridge regression by Nystrom's approximation, in float64. Everything that grows with the number of rows is a
 * matrix product of ONNX Runtime, which for a given number of threads is the same to the bit.
 */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { graph, model, node, valueInfo } from '../onnx-writer.ts';
import type { KernelRidgeFit, KernelRidgeTask } from '../types.ts';
import type { Matrix } from './matrix-store.ts';

const JITTER = 1e-6;
/** Landmarks whose distances set the kernel's width. */
const MEASURED = 300;
/** Rows a block, and columns up to which a matrix is factored in plain code. */
const BLOCK_ROWS = 1024;
const FACTORED = 64;

/** Which of two factors counts as transposed. */
type Turned = 'neither' | 'left' | 'right';

/** Row-major. */
interface Dense {
  data: Float64Array;
  rows: number;
  columns: number;
}

/** Inputs left and right, one of them transposed or none; output their product. */
function product64Graph(turned: Turned): Uint8Array {
  const turns = { transA: Number(turned === 'left'), transB: Number(turned === 'right') };
  return model(
    graph({
      nodes: [node('Gemm', ['left', 'right'], ['product'], turns)],
      inputs: [valueInfo('left', 'float64', ['a', 'b']), valueInfo('right', 'float64', ['c', 'd'])],
      outputs: [valueInfo('product', 'float64', ['m', 'n'])],
    }),
  ).finish();
}

/** `Kernels.fitKernelRidge` and `Kernels.kernelSums`, on sessions that it opens. */
export class KernelRidge {
  readonly #open: (graph: Uint8Array) => Promise<InferenceSession>;
  readonly #sessions = new Map<Turned, Promise<InferenceSession>>();

  constructor(open: (graph: Uint8Array) => Promise<InferenceSession>) {
    this.#open = open;
  }

  async fit(
    x: Matrix,
    landmarks: Matrix,
    { labels, classes, penalty }: Omit<KernelRidgeTask, 'x' | 'landmarks'>,
  ): Promise<KernelRidgeFit> {
    const [n, m] = [x.rows, landmarks.rows];
    const width = medianDistance(landmarks);
    const z = widened(landmarks, 0, m);
    const among = await this.#kernel(z, z, width);
    for (let a = 0; a < m; a++) among.data[a * m + a]! += JITTER;
    const whitening = await this.#inverseFactor(among);

    // Features whose products are the approximated kernel.
    const features: Matrix = { ...x, data: new Float32Array(n * m), columns: m };
    const gram = new Float64Array(m * m);
    for (let a = 0; a < m; a++) gram[a * m + a] = penalty;
    const moments = new Float64Array(m * classes);
    const target = (row: number, k: number): number => (labels[row] === k ? 1 : 0) - 1 / classes;
    for (let first = 0; first < n; first += BLOCK_ROWS) {
      const rows = widened(x, first, Math.min(n, first + BLOCK_ROWS));
      const block = await this.#product(await this.#kernel(rows, z, width), whitening, 'right');
      features.data.set(block.data, first * m);
      const targets = Float64Array.from({ length: block.rows * classes }, (_, at) =>
        target(first + Math.floor(at / classes), at % classes),
      );
      addTo(gram, await this.#product(block, block, 'left'));
      const right = { data: targets, rows: block.rows, columns: classes };
      addTo(moments, await this.#product(block, right, 'left'));
    }
    const unpenalised = await this.#inverseFactor({ data: gram, rows: m, columns: m });
    const half = await this.#product(unpenalised, { data: moments, rows: m, columns: classes }, 'neither');
    const solved = await this.#product(unpenalised, half, 'left');

    const outputs = new Float32Array(n * classes);
    for (let first = 0; first < n; first += BLOCK_ROWS) {
      const block = widened(features, first, Math.min(n, first + BLOCK_ROWS));
      const solvedRows = await this.#product(block, unpenalised, 'right');
      const fitted = await this.#product(block, solved, 'neither');
      for (let i = 0; i < block.rows; i++) {
        let leverage = 0;
        for (let at = i * m; at < (i + 1) * m; at++) leverage += solvedRows.data[at]! ** 2;
        for (let k = 0; k < classes; k++) {
          const own = leverage * target(first + i, k);
          outputs[(first + i) * classes + k] = (fitted.data[i * classes + k]! - own) / (1 - leverage);
        }
      }
    }
    const weights = await this.#product(whitening, solved, 'left');
    return { width, weights: weights.data, outputs };
  }

  /** n x classes. */
  async sums(query: Matrix, landmarks: Matrix, width: number, weights: Float64Array): Promise<Float64Array> {
    const z = widened(landmarks, 0, landmarks.rows);
    const right = { data: weights, rows: z.rows, columns: weights.length / z.rows };
    const sums = new Float64Array(query.rows * right.columns);
    for (let first = 0; first < query.rows; first += BLOCK_ROWS) {
      const rows = widened(query, first, Math.min(query.rows, first + BLOCK_ROWS));
      const part = await this.#product(await this.#kernel(rows, z, width), right, 'neither');
      sums.set(part.data, first * right.columns);
    }
    return sums;
  }

  /** exp(-|x - z|^2 / width) of every row with every landmark; of unit vectors |x - z|^2 = 2 - 2 x.z. */
  async #kernel(rows: Dense, z: Dense, width: number): Promise<Dense> {
    const kernel = await this.#product(rows, z, 'right');
    const { data } = kernel;
    for (let at = 0; at < data.length; at++) data[at] = Math.exp(-Math.max(0, 2 - 2 * data[at]!) / width);
    return kernel;
  }

  /**
   * The inverse of the lower Cholesky factor of a symmetric positive matrix, whose lower half is read, by halves: that
   * leaves products of large matrices, and small factors.
   */
  async #inverseFactor(matrix: Dense): Promise<Dense> {
    const { rows: m } = matrix;
    if (m <= FACTORED) return smallInverseFactor(matrix);
    const half = m >> 1;
    const upper = await this.#inverseFactor(cut(matrix, 0, half, 0, half));
    const below = await this.#product(cut(matrix, half, m, 0, half), upper, 'right');
    const rest = cut(matrix, half, m, half, m);
    addTo(rest.data, await this.#product(below, below, 'right'), -1);
    const lower = await this.#inverseFactor(rest);
    const across = await this.#product(lower, await this.#product(below, upper, 'neither'), 'neither');
    const inverse = { data: new Float64Array(m * m), rows: m, columns: m };
    for (let row = 0; row < half; row++) inverse.data.set(rowOf(upper, row), row * m);
    for (let row = half; row < m; row++) {
      inverse.data.set(
        rowOf(across, row - half).map((value) => -value),
        row * m,
      );
      inverse.data.set(rowOf(lower, row - half), row * m + half);
    }
    return inverse;
  }

  async #product(left: Dense, right: Dense, turned: Turned): Promise<Dense> {
    let session = this.#sessions.get(turned);
    if (!session) this.#sessions.set(turned, (session = this.#open(product64Graph(turned))));
    const data = new Float64Array(
      (turned === 'left' ? left.columns : left.rows) * (turned === 'right' ? right.rows : right.columns),
    );
    const rows = turned === 'left' ? left.columns : left.rows;
    const columns = data.length / rows;
    await (
      await session
    ).run({ left: tensorOf(left), right: tensorOf(right) }, { product: tensorOf({ data, rows, columns }) });
    return { data, rows, columns };
  }
}

const tensorOf = ({ data, rows, columns }: Dense): Tensor => new Tensor('float64', data, [rows, columns]);

const rowOf = ({ data, columns }: Dense, row: number): Float64Array =>
  data.subarray(row * columns, (row + 1) * columns);

/** Rows from..end-1 of a matrix, in float64. */
function widened({ data, columns }: Matrix, from: number, end: number): Dense {
  return {
    data: Float64Array.from(data.subarray(from * columns, end * columns)),
    rows: end - from,
    columns,
  };
}

function cut(matrix: Dense, top: number, bottom: number, left: number, right: number): Dense {
  const [rows, columns] = [bottom - top, right - left];
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    data.set(rowOf(matrix, top + row).subarray(left, right), row * columns);
  return { data, rows, columns };
}

function addTo(sum: Float64Array, { data }: Dense, times = 1): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += times * data[at]!;
}

/** A pivot that rounding made 0 or less counts as machine epsilon, so that the factor has an inverse. */
function smallInverseFactor({ data, rows: m }: Dense): Dense {
  const factor = new Float64Array(m * m);
  const inverse = new Float64Array(m * m);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = data[a * m + b]!;
      for (let c = 0; c < b; c++) sum -= factor[a * m + c]! * factor[b * m + c]!;
      factor[a * m + b] = a === b ? Math.sqrt(Math.max(sum, Number.EPSILON)) : sum / factor[b * m + b]!;
    }
    const pivot = factor[a * m + a]!;
    inverse[a * m + a] = 1 / pivot;
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let c = b; c < a; c++) sum -= factor[a * m + c]! * inverse[c * m + b]!;
      inverse[a * m + b] = sum / pivot;
    }
  }
  return { data: inverse, rows: m, columns: m };
}

/** The median squared distance of some of the landmarks; 1 where they are all the same. */
function medianDistance({ data, rows, columns }: Matrix): number {
  const found: number[] = [];
  for (let a = 0; a < Math.min(MEASURED, rows); a++)
    for (let b = 0; b < a; b++) {
      let product = 0;
      for (let d = 0; d < columns; d++) product += data[a * columns + d]! * data[b * columns + d]!;
      found.push(Math.max(0, 2 - 2 * product));
    }
  const ascending = Float64Array.from(found).sort();
  const middle = (ascending.length - 1) / 2;
  return (ascending[Math.floor(middle)]! + ascending[Math.ceil(middle)]!) / 2 || 1;
}

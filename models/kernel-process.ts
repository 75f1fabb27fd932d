import { AssayError } from '../rpc/errors.ts';
import type { HostQueue, Send } from './host-queue.ts';
import { countRows } from './kernels/matrix-store.ts';
import { patchBytes, patchDimensions } from './patches.ts';
import type {
  KernelRidgeFit,
  KernelRidgeTask,
  Kernels,
  LloydStep,
  LogisticFit,
  LogisticTask,
  MatrixData,
  MatrixRows,
  Neighbours,
  NetworkTask,
  PatchGrid,
  SoftTargets,
} from './types.ts';

/** Size of the pieces in which data reach the child: large enough for speed, small enough not to block either side. */
export const PIECE_BYTES = 4 * 1024 * 1024;
const QUERY_ROWS = 4096;
/** Bounds one answer of `products`. */
const PRODUCT_CELLS = 4 * 1024 * 1024;

export function invalid(message: string): AssayError {
  return new AssayError('INVALID_INPUT', message);
}

/** The numeric kernels, in a process of their own. The parent checks every task and cuts it into pieces. */
export class KernelProcess implements Kernels {
  protected readonly queue: HostQueue;
  protected readonly signal: AbortSignal | null;

  protected constructor(queue: HostQueue, signal: AbortSignal | null) {
    this.queue = queue;
    this.signal = signal;
  }

  protected task<T>(what: string, task: (send: Send) => Promise<T>): Promise<T> {
    return this.queue.exclusive(what, this.signal, task);
  }

  async putMatrix(name: string, data: MatrixData, rows: number, columns: number): Promise<void> {
    const isWhole = data instanceof Float32Array;
    if (!Number.isInteger(columns) || columns < 1 || (isWhole && data.length !== rows * columns))
      throw invalid(
        `Matrix ${name} has ${isWhole ? data.length : 'other'} values, not ${rows} x ${columns}.`,
      );
    await this.task(`Putting matrix ${name} (${rows} x ${columns})`, async (send) => {
      this.queue.matrices.delete(name);
      const step = Math.max(1, Math.floor(PIECE_BYTES / 4 / columns));
      let firstRow = 0;
      do {
        const count = Math.min(step, rows - firstRow);
        const piece = isWhole
          ? data.subarray(firstRow * columns, (firstRow + count) * columns)
          : data(firstRow, count);
        if (piece.length !== count * columns)
          throw invalid(`Rows ${firstRow} to ${firstRow + count} of ${name} have ${piece.length} values.`);
        await send('putRows', { name, rows, columns, firstRow, data: piece });
        firstRow += step;
      } while (firstRow < rows);
      this.queue.matrices.set(name, { rows, columns });
    });
  }

  async dropMatrix(name: string): Promise<void> {
    await this.task(`Dropping matrix ${name}`, async (send) => {
      this.queue.matrices.delete(name);
      await send('dropMatrix', { name });
    });
  }

  #matrix(name: string): { rows: number; columns: number } {
    const matrix = this.queue.matrices.get(name);
    if (!matrix)
      throw new AssayError('NOT_READY', `There is no matrix ${name} in the inference process; put it first.`);
    return matrix;
  }

  /** Throws INVALID_INPUT where two matrices have rows of different lengths. */
  #pair(
    a: string,
    b: string,
  ): { a: { rows: number; columns: number }; b: { rows: number; columns: number } } {
    const pair = { a: this.#matrix(a), b: this.#matrix(b) };
    if (pair.a.columns !== pair.b.columns)
      throw invalid(`${a} has ${pair.a.columns} columns and ${b} ${pair.b.columns}; they must agree.`);
    return pair;
  }

  /** Number of the rows named, all of which the matrix must have. */
  #count(of: MatrixRows): number {
    const matrix = this.#matrix(of.matrix);
    const wrong = of.rows?.find((row) => row < 0 || row >= matrix.rows);
    if (wrong !== undefined) throw invalid(`${of.matrix} has ${matrix.rows} rows, and no row ${wrong}.`);
    return countRows(matrix, of);
  }

  async nearest(query: Float32Array, base: string, k: number, exclude?: Int32Array): Promise<Neighbours> {
    return this.#search(`Finding the ${k} nearest rows of ${base}`, query, base, k, exclude, (send, ask) =>
      send('nearest', ask),
    );
  }

  async nearestApproximate(
    query: Float32Array,
    base: string,
    k: number,
    beam: number,
    exclude?: Int32Array,
  ): Promise<Neighbours> {
    if (!Number.isInteger(beam) || beam < 1) throw invalid(`beam is ${beam}, not 1 or more.`);
    return this.#search(`Looking for ${k} near rows of ${base}`, query, base, k, exclude, (send, ask) =>
      send('nearestApproximate', { ...ask, beam }),
    );
  }

  async nearestToPatches(
    packed: Uint8Array,
    grid: PatchGrid,
    weights: readonly number[],
    base: string,
  ): Promise<Float32Array> {
    const each = patchBytes(grid);
    const patches = grid.rows * grid.columns;
    return this.task(`Holding patches against ${base}`, async (send) => {
      const { columns } = this.#matrix(base);
      if (packed.length % each !== 0 || columns !== patchDimensions(grid))
        throw invalid(`The patches fit neither their grid nor ${base}, which has ${columns} columns.`);
      const distances = new Float32Array((packed.length / each) * patches);
      const step = Math.max(1, Math.floor(QUERY_ROWS / patches));
      for (let first = 0; first * each < packed.length; first += step) {
        const part = packed.subarray(first * each, (first + step) * each);
        distances.set(await send('nearestToPatches', { packed: part, grid, weights, base }), first * patches);
      }
      return distances;
    });
  }

  async #search(
    what: string,
    query: Float32Array,
    base: string,
    k: number,
    exclude: Int32Array | undefined,
    ask: (
      send: Send,
      part: { query: Float32Array; base: string; k: number; exclude: Int32Array | null },
    ) => Promise<Omit<Neighbours, 'k'>>,
  ): Promise<Neighbours> {
    if (!Number.isInteger(k) || k < 1) throw invalid(`k is ${k}, not 1 or more.`);
    return this.task(what, async (send) => {
      const { columns } = this.#matrix(base);
      const n = query.length / columns;
      if (!Number.isInteger(n))
        throw invalid(`The query has ${query.length} values, no multiple of ${columns}.`);
      if (exclude && exclude.length !== n)
        throw invalid(`exclude has ${exclude.length} entries for ${n} query rows.`);
      const index = new Int32Array(n * k);
      const distance = new Float32Array(n * k);
      for (let first = 0; first < n; first += QUERY_ROWS) {
        const end = Math.min(n, first + QUERY_ROWS);
        const rows = query.subarray(first * columns, end * columns);
        const part = await ask(send, {
          query: rows,
          base,
          k,
          exclude: exclude?.subarray(first, end) ?? null,
        });
        index.set(part.index, first * k);
        distance.set(part.distance, first * k);
      }
      return { index, distance, k };
    });
  }

  async indexRows(base: string, count: number): Promise<number> {
    return this.task(`Indexing ${base}`, async (send) => {
      this.#matrix(base);
      return send('indexRows', { base, count });
    });
  }

  async products(left: MatrixRows, right: MatrixRows): Promise<Float32Array> {
    return this.task(`Multiplying ${left.matrix} with ${right.matrix}`, async (send) => {
      this.#pair(left.matrix, right.matrix);
      const m = this.#count(left);
      const n = this.#count(right);
      const result = new Float32Array(m * n);
      const step = Math.max(1, Math.floor(PRODUCT_CELLS / Math.max(1, n)));
      for (let first = 0; first < m; first += step) {
        const end = Math.min(m, first + step);
        const rows =
          left.rows?.subarray(first, end) ?? Int32Array.from({ length: end - first }, (_, i) => first + i);
        result.set(await send('products', { left: { matrix: left.matrix, rows }, right }), first * n);
      }
      return result;
    });
  }

  async lloydStep(x: MatrixRows, centres: Float64Array): Promise<LloydStep> {
    return this.task(`A step of k-means on ${x.matrix}`, async (send) => {
      const { columns } = this.#matrix(x.matrix);
      this.#count(x);
      if (centres.length === 0 || centres.length % columns !== 0)
        throw invalid(`${centres.length} values make no centres of ${columns} numbers.`);
      return send('lloydStep', { x, centres });
    });
  }

  async kCenter(base: string, count: number): Promise<Int32Array> {
    if (!Number.isInteger(count) || count < 1) throw invalid(`count is ${count}, not 1 or more.`);
    return this.task(`Covering ${base} with ${count} of its rows`, async (send) => {
      this.#matrix(base);
      return send('kCenter', { base, count });
    });
  }

  async fitLogistic(task: LogisticTask): Promise<LogisticFit> {
    const { x } = task;
    return this.task(`Fitting a logistic regression on ${x}`, async (send) => {
      const { rows, columns } = this.#matrix(x);
      checkFit(task, rows, (columns + 1) * task.classes);
      return send('fitLogistic', task);
    });
  }

  async fitNetwork(task: NetworkTask): Promise<LogisticFit> {
    const { x, hidden, classes } = task;
    return this.task(`Fitting a network on ${x}`, async (send) => {
      const { rows, columns } = this.#matrix(x);
      checkFit(task, rows, (columns + 1) * hidden + (hidden + 1) * classes);
      return send('fitNetwork', task);
    });
  }

  async fitKernelRidge(task: KernelRidgeTask): Promise<KernelRidgeFit> {
    const { x, landmarks, labels, classes } = task;
    return this.task(`Fitting a kernel ridge regression on ${x}`, async (send) => {
      const { rows } = this.#pair(x, landmarks).a;
      if (labels.length !== rows) throw invalid(`${x} has ${rows} rows, but ${labels.length} labels came.`);
      if (labels.some((label) => label < 0 || label >= classes))
        throw invalid(`A label is not 0 to ${classes - 1}; leave rows without one out.`);
      const fit = await send('fitKernelRidge', task);
      const outputs = new Float32Array(rows * classes);
      const step = Math.max(1, Math.floor(PIECE_BYTES / 4 / classes));
      for (let first = 0; first < rows; first += step) {
        const part = await send('ridgeOutputs', { first, end: Math.min(rows, first + step) });
        outputs.set(part, first * classes);
      }
      return { ...fit, outputs };
    });
  }

  async kernelSums(
    query: Float32Array,
    landmarks: string,
    { width, weights }: Pick<KernelRidgeFit, 'width' | 'weights'>,
  ): Promise<Float64Array> {
    return this.task(`Comparing with ${landmarks}`, async (send) => {
      const { columns, rows } = this.#matrix(landmarks);
      if (query.length % columns !== 0 || weights.length % rows !== 0)
        throw invalid(`The query or the weights do not fit ${landmarks}, ${rows} x ${columns}.`);
      return send('kernelSums', { query, landmarks, width, weights });
    });
  }
}

/** Throws INVALID_INPUT where the task does not fit its matrix, or leaves no row that counts. */
/** Checks what classifiers are fitted to; a start must have as many values as there are `parameters`. */
function checkFit(task: LogisticTask, rows: number, parameters: number): void {
  const { x, labels, sampleWeights, classes, lambda, start } = task;
  if (!Number.isInteger(classes) || classes < 2)
    throw invalid(`There are ${classes} classes; a fit needs 2 or more.`);
  if (labels.length !== rows || sampleWeights.length !== rows) {
    throw invalid(
      `${x} has ${rows} rows, but ${labels.length} labels and ${sampleWeights.length} weights came.`,
    );
  }
  if (!(lambda >= 0 && lambda < Infinity)) throw invalid(`lambda is ${lambda}, not a number of 0 or more.`);
  if (start && start.length !== parameters)
    throw invalid(`start has ${start.length} values, not ${parameters}.`);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = sampleWeights[row]!;
    const label = labels[row]!;
    if (!(weight >= 0 && weight < Infinity))
      throw invalid(`The weight of row ${row} is ${weight}, not 0 or more.`);
    if (weight > 0 && (label < 0 || label >= classes)) {
      throw invalid(
        `The label of row ${row} is ${label}, not 0 to ${classes - 1}; give that row the weight 0.`,
      );
    }
    total += weight;
  }
  if (task.soft) checkSoft(task.soft, rows, classes);
  if (!(total > 0)) throw invalid('Every row has the weight 0; a fit needs at least one that counts.');
}

function checkSoft({ rows: chosen, shares }: SoftTargets, rows: number, classes: number): void {
  if (shares.length !== chosen.length * classes)
    throw invalid(`${shares.length} shares came for ${chosen.length} rows of ${classes} classes.`);
  chosen.forEach((row, i) => {
    if (row < 0 || row >= rows || (i > 0 && row <= chosen[i - 1]!))
      throw invalid(`Soft targets name row ${row} of ${rows}; name each once, in their order.`);
    const own = shares.subarray(i * classes, (i + 1) * classes);
    const sum = own.reduce((all, share) => all + share, 0);
    if (own.some((share) => !(share >= 0)) || Math.abs(sum - 1) > 1e-6)
      throw invalid(`The shares of row ${row} sum to ${sum}, not to 1, or one is below 0.`);
  });
}

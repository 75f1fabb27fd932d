import { AssayError } from '../../rpc/errors.ts';
import type { MatrixRows } from '../types.ts';

export interface Matrix {
  /** Row-major. */
  data: Float32Array;
  rows: number;
  columns: number;
  /** Squared euclidean norm of every row, summed in float64. */
  squaredNorms: Float32Array;
}

/** Beyond this, float32 products of two rows would overflow. */
const LARGEST_SQUARED_NORM = 1e37;

/**
 * The squared norms of the rows of `data`. Throws INVALID_INPUT naming the first row that holds NaN or infinity, or is
 * too large for float32 arithmetic; `what` names the matrix.
 */
export function squaredNorms(data: Float32Array, columns: number, what: string): Float32Array {
  const rows = data.length / columns;
  const norms = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]! * data[at]!;
    // Written so that NaN fails it too.
    if (!(sum <= LARGEST_SQUARED_NORM)) {
      throw new AssayError(
        'INVALID_INPUT',
        `Row ${row} of ${what} is not finite, or too large to compute with; leave that row out.`,
        { row },
      );
    }
    norms[row] = sum;
  }
  return norms;
}

/** The matrices of the inference process, by name; rows arrive in order, in any number of pieces. */
export class MatrixStore {
  readonly #ready = new Map<string, Matrix>();
  #arriving: { name: string; data: Float32Array; rows: number; columns: number } | null = null;

  /**
   * Takes rows `firstRow`...; the first piece makes room, the last one checks the whole and replaces any older matrix.
   */
  put(piece: { name: string; rows: number; columns: number; firstRow: number; data: Float32Array }): void {
    const { name, rows, columns, firstRow, data } = piece;
    if (firstRow === 0) {
      this.drop(name);
      this.#arriving = { name, rows, columns, data: new Float32Array(rows * columns) };
    }
    const target = this.#arriving;
    if (!target || target.name !== name) {
      throw new AssayError('INTERNAL', `Rows of matrix ${name} arrived before its first piece.`);
    }
    target.data.set(data, firstRow * columns);
    if (firstRow + data.length / columns < rows) return;
    this.#arriving = null;
    this.#ready.set(name, {
      data: target.data,
      rows,
      columns,
      squaredNorms: squaredNorms(target.data, columns, `matrix ${name}`),
    });
  }

  drop(name: string): void {
    this.#ready.delete(name);
  }

  /** Throws NOT_READY where no such matrix was put. */
  get(name: string): Matrix {
    const matrix = this.#ready.get(name);
    if (!matrix)
      throw new AssayError('NOT_READY', `There is no matrix ${name} in the inference process; put it first.`);
    return matrix;
  }
}

/** How many rows are named: all of them where none are. */
export function countRows(matrix: { rows: number }, { rows }: MatrixRows): number {
  return rows?.length ?? matrix.rows;
}

/**
 * Rows first..end-1 of the rows named, row-major: a view of the matrix where they follow one another, else gathered.
 */
export function takeRows(
  { data, columns }: Matrix,
  rows: Int32Array | undefined,
  first: number,
  end: number,
): Float32Array {
  const start = rows ? rows[first]! : first;
  if (!rows?.subarray(first, end).some((row, i) => row !== start + i))
    return data.subarray(start * columns, (start + end - first) * columns);
  const taken = new Float32Array((end - first) * columns);
  for (let i = first; i < end; i++) {
    const row = rows[i]! * columns;
    taken.set(data.subarray(row, row + columns), (i - first) * columns);
  }
  return taken;
}

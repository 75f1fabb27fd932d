import type { WritableStore } from '../../../db/store.ts';
import type { Block, ScoreRun } from '../block.ts';

/**
 * What scores are computed from, by name. Every provider in this folder adds its columns by declaration merging, so a
 * score that names a column that nobody provides does not compile. A column is n images long unless its kind says
 * otherwise; matrices are row-major.
 */
export interface Facts {
  /** How many classes the project has. */
  classes: number;
}
export type FactName = keyof Facts;

/** The shape of a column, and which of its rows are missing. */
export interface Kind<T> {
  lacks(column: T, row: number, classes: number): boolean;
}

/** A number per image; NaN is missing. */
export const numbers: Kind<Float64Array> = { lacks: (column, row) => Number.isNaN(column[row]!) };
/** A class index per image; below 0 is missing. */
export const classIndices: Kind<Int32Array> = { lacks: (column, row) => column[row]! < 0 };
/** n x classes; a row that starts with NaN is missing. */
export const classRows: Kind<Float64Array> = {
  lacks: (column, row, classes) => Number.isNaN(column[row * classes]!),
};
/** Several of the same; missing where there are none. */
export const classRowsByMember: Kind<Float64Array[]> = {
  lacks: ([first], row, classes) => first === undefined || Number.isNaN(first[row * classes]!),
};
/** One number for the whole run; NaN is missing. */
export const ofRun: Kind<number> = { lacks: (value) => Number.isNaN(value) };
/** A number per class, never missing as a whole. */
export const ofClasses: Kind<Float64Array> = { lacks: () => false };
const anything: Kind<ArrayLike<unknown>> = { lacks: () => false };
/** Anything per image, never missing. */
export const each = <T>(): Kind<ArrayLike<T>> => anything;

export type ColumnsOf<D> = { [K in keyof D]: D[K] extends Kind<infer T> ? T : never };

/** Facts of one kind, ready for a run's blocks. */
export interface Prepared<C> {
  /** The columns of a block; one that is left out is missing for all its images. */
  block(block: Block): Partial<C> | Promise<Partial<C>>;
  /** Frees what it holds in the kernels. */
  drop?(): Promise<void>;
  /** Stores what it found besides columns under the run's number, in the transaction that opens the run. */
  keep?(store: WritableStore, run: number): void;
  /** Joins the parameters that the run's event records. */
  record?: Record<string, unknown>;
  /** Told to the person who started the run. */
  notes?: string[];
}

export interface FactProvider<D = Record<string, Kind<never>>> {
  id: string;
  columns: D;
  /** It may refuse the run (by throwing), and so is prepared before what takes long. */
  mayRefuse?: true;
  /** Null where there is nothing to measure with: then all its columns are missing. */
  prepare(run: ScoreRun): Promise<Prepared<ColumnsOf<D>> | null> | Prepared<ColumnsOf<D>> | null;
}

/**
 * A provider of facts is one file of this folder with this as its default export, and a `declare module` that adds its
 * columns to `Facts`.
 */
export function defineFacts<D>(provider: FactProvider<D>): FactProvider<D> {
  return provider;
}

import type { Kernels } from '../../../models/types.ts';
import type { Random } from '../../base/numeric/random.ts';

/** Input of a method. Rows are embeddings; distances are euclidean unless stated otherwise. */
export interface SelectionTask {
  dimensions: number;
  /** Candidates, n x dimensions, row-major. */
  candidates: Float32Array;
  /** Embeddings of labelled images, m x dimensions. */
  labelled: Float32Array;
  /** n x classes, calibrated; null without a label model. */
  probabilities: Float64Array | null;
  classes: number;
  budget: number;
  random: Random;
  /** Where there are some, the large products are computed there; what is chosen may differ where values nearly tie. */
  kernels?: Kernels | undefined;
  signal?: AbortSignal | undefined;
}

/** A way to choose the images that would teach a model most, or represent the rest best. */
export interface SelectionMethod {
  id: string;
  title: string;
  /** One sentence: what it goes for, and what it misses. */
  meaning: string;
  source: string;
  needs: ('probabilities' | 'embeddings')[];
  /** Returns `budget` distinct candidate numbers in the order chosen; all of them if the budget is that large. */
  select(task: SelectionTask): Promise<number[]>;
}

export function defineSelection(method: SelectionMethod): SelectionMethod {
  return method;
}

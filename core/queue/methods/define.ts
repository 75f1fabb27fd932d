import type { Kernels } from '../../../models/types.ts';
import type { Random } from '../../base/numeric/random.ts';

/** What a method chooses from. Rows are embeddings; unless said otherwise distances are euclidean. */
export interface SelectionTask {
  dimensions: number;
  /** n x dimensions, row-major: what may be chosen. */
  candidates: Float32Array;
  /** Embeddings of what has a label already, m x dimensions. */
  labelled: Float32Array;
  /** n x classes, calibrated; null where there is no label model. */
  probabilities: Float64Array | null;
  classes: number;
  budget: number;
  random: Random;
  /** Where there are some, the large products are computed there; what is chosen may differ where values nearly tie. */
  kernels?: Kernels | undefined;
  signal?: AbortSignal | undefined;
}

/** One way to choose which images would teach the most, or stand for the rest best. */
export interface SelectionMethod {
  id: string;
  title: string;
  /** One sentence: what it goes for, and what it misses. */
  meaning: string;
  source: string;
  needs: ('probabilities' | 'embeddings')[];
  /** `budget` different candidate numbers, in the order chosen; all of them when the budget is as large. */
  select(task: SelectionTask): Promise<number[]>;
}

export function defineSelection(method: SelectionMethod): SelectionMethod {
  return method;
}

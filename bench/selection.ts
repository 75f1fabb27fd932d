import type { InferenceProcess } from '../models/inference-process.ts';
import { mulberry32 } from '../core/base/numeric/random.ts';
import { selectionMethods } from '../core/queue/methods/registry.ts';
import { CLASSES, COLUMNS, gaussianClusters } from './clusters.ts';
import { timed, type BenchContext } from './context.ts';

export interface SelectionTime {
  id: string;
  seconds: number;
}

/** Seconds that every selection method takes to choose some of the rows, with probabilities of classes per row. */
export async function measureSelection(
  bench: BenchContext,
  kernels: InferenceProcess,
  candidates: Float32Array,
  probabilities: Float64Array,
  labelledRows: number,
  budget: number,
): Promise<SelectionTime[]> {
  const labelled = gaussianClusters(labelledRows, 2).data;
  const times: SelectionTime[] = [];
  for (const [id, method] of selectionMethods) {
    bench.say(`Selection: ${budget} of ${candidates.length / COLUMNS} by ${id} …`);
    const { seconds } = await timed(() =>
      method.select({
        dimensions: COLUMNS,
        candidates,
        labelled,
        probabilities,
        classes: CLASSES,
        budget,
        random: mulberry32(3),
        kernels,
        signal: bench.signal,
      }),
    );
    times.push({ id, seconds });
  }
  return times;
}

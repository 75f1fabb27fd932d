import { AssayError } from '../../rpc/errors.ts';
import type { Kernels } from '../types.ts';

/** What `Kernels.fitLogistic` takes. */
export type LogisticTask = Parameters<Kernels['fitLogistic']>[0];

function invalid(message: string): AssayError {
  return new AssayError('INVALID_INPUT', message);
}

/** Throws INVALID_INPUT where the task does not fit its matrix, or leaves no row that counts. */
export function checkLogisticTask(task: LogisticTask, matrix: { rows: number; columns: number }): void {
  const { x, labels, sampleWeights, classes, lambda, start } = task;
  const { rows, columns } = matrix;
  if (!Number.isInteger(classes) || classes < 2)
    throw invalid(`There are ${classes} classes; a fit needs 2 or more.`);
  if (labels.length !== rows || sampleWeights.length !== rows) {
    throw invalid(
      `${x} has ${rows} rows, but ${labels.length} labels and ${sampleWeights.length} weights came.`,
    );
  }
  if (!(lambda >= 0 && lambda < Infinity)) throw invalid(`lambda is ${lambda}, not a number of 0 or more.`);
  if (start && start.length !== (columns + 1) * classes) {
    throw invalid(`start has ${start.length} values, not ${columns + 1} x ${classes}.`);
  }
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
  if (!(total > 0)) throw invalid('Every row has the weight 0; a fit needs at least one that counts.');
}

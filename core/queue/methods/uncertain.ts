import { AssayError } from '../../../rpc/errors.ts';
import type { SelectionTask } from './define.ts';
import { breathe } from './rows.ts';

/** The candidates with the largest value of a function of their probabilities; ties by number, NaN last. */
export async function mostUncertain(
  { probabilities, classes, budget, signal }: SelectionTask,
  name: string,
  value: (probabilities: Float64Array, start: number, classes: number) => number,
): Promise<number[]> {
  if (!probabilities)
    throw new AssayError(
      'NOT_READY',
      `Choosing by ${name} needs the label model: import a labelled seed and score first.`,
    );
  await breathe(0, signal);
  const n = probabilities.length / classes;
  const values = Float64Array.from({ length: n }, (_, i) => {
    const found = value(probabilities, i * classes, classes);
    return Number.isNaN(found) ? -Infinity : found;
  });
  return [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, budget);
}

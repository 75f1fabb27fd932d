import { topClass } from '../crowd/crowd.ts';
import type { Labelled } from './labelled.ts';

const SMALLEST = 1e-6;
const TEMPERATURES = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 200];

/**
 * How much each model of an ensemble counts in the mean of their label scores, summing to 1 (cleanlab's
 * `get_label_quality_ensemble_scores`): by `accuracy` on the given labels, or by `log-loss`, `w ~ exp(-T loss)` with
 * the T of a fixed grid at which the weighted mean of the probabilities has the smallest loss.
 *
 * @param members probabilities of each model, n x classes
 */
export function ensembleWeights(
  members: Float64Array[],
  { classes, given }: Omit<Labelled, 'probabilities'>,
  by: 'accuracy' | 'log-loss',
): Float64Array {
  if (by === 'accuracy')
    return normalised(
      members.map(
        (member) =>
          given.reduce((right, label, i) => right + Number(topClass(member, i, classes) === label), 0) /
          given.length,
      ),
    );
  const losses = members.map((member) => logLoss(clipped(member, classes), given, classes));
  let best = normalised(members.map(() => 1));
  let least = Infinity;
  for (const temperature of TEMPERATURES) {
    const weights = normalised(losses.map((loss) => Math.exp(-temperature * loss)));
    const mixed = new Float64Array(given.length * classes);
    members.forEach((member, m) => member.forEach((p, at) => (mixed[at]! += weights[m]! * p)));
    const loss = logLoss(mixed, given, classes);
    if (loss >= least) continue;
    least = loss;
    best = weights;
  }
  return best;
}

/** All models alike where none is right anywhere, or every weight underflows. */
function normalised(weights: number[]): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return Float64Array.from(weights, (weight) => (sum > 0 ? weight / sum : 1 / weights.length));
}

function clipped(probabilities: Float64Array, classes: number): Float64Array {
  const kept = probabilities.map((p) => Math.max(p, SMALLEST));
  for (let start = 0; start < kept.length; start += classes) {
    const row = kept.subarray(start, start + classes);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let k = 0; k < classes; k++) row[k]! /= sum;
  }
  return kept;
}

function logLoss(probabilities: Float64Array, given: Int32Array, classes: number): number {
  const loss = given.reduce(
    (sum, label, i) => sum - Math.log(Math.max(probabilities[i * classes + label]!, Number.EPSILON)),
    0,
  );
  return loss / given.length;
}

import { calibrated, confidentJoint, roundKeepingSum, type ConfidentJoint } from './confident-joint.ts';
import { normalizedMargin, selfConfidence, classCounts, predicted, type Labelled } from './labelled.ts';

/** The ways to say which labels are wrong rather than how likely each is to be (cleanlab's names). */
export const ISSUE_FILTERS = [
  'prune_by_noise_rate',
  'prune_by_class',
  'both',
  'confident_learning',
  'low_self_confidence',
  'low_normalized_margin',
  'predicted_neq_given',
] as const;
export type IssueFilter = (typeof ISSUE_FILTERS)[number];

const MIN_PER_CLASS = 1;

/**
 * Rows whose label each filter calls wrong, in ascending order. Except for the two `low_*` filters, a row that the model
 * agrees with is never among them. Of equals the first rows are taken. O(classes n log n).
 */
export function labelIssues(labelled: Labelled): Record<IssueFilter, number[]> {
  const { given } = labelled;
  const suspect = [...given.keys()].filter((row) => predicted(labelled, row) !== given[row]);
  const joint = confidentJoint(labelled);
  const confident = suspect.filter((row) => joint.guess[row]! >= 0 && joint.guess[row] !== given[row]);
  const { byClass, byRate } = pruned(labelled, joint);
  const all = Int32Array.from(given.keys());
  const lowestOf = (values: Float64Array): number[] => [...lowest(values, all, confident.length)];
  return {
    prune_by_noise_rate: suspect.filter((row) => byRate[row]),
    prune_by_class: suspect.filter((row) => byClass[row]),
    both: suspect.filter((row) => byRate[row] && byClass[row]),
    confident_learning: confident,
    low_self_confidence: lowestOf(selfConfidence(labelled)),
    low_normalized_margin: lowestOf(normalizedMargin(labelled)),
    predicted_neq_given: suspect,
  };
}

/** Row = true class, column = given: how many images of each given class are to be pruned as which true one. */
function pruneCounts(joint: ConfidentJoint, sizes: Int32Array): Float64Array {
  const classes = sizes.length;
  const whole = calibrated(joint, sizes);
  const counts = new Float64Array(whole.length);
  for (let given = 0; given < classes; given++) {
    const column = Float64Array.from({ length: classes }, (_, truth) => whole[given * classes + truth]!);
    const kept = Math.max(column[given]!, MIN_PER_CLASS);
    const nonZero = Math.max(column.filter((value) => value !== 0).length - 1, 1);
    const less = (kept - column[given]!) / nonZero;
    for (let truth = 0; truth < classes; truth++)
      counts[truth * classes + given] = truth === given ? kept : Math.max(0, column[truth]! - less);
  }
  for (let row = 0; row < classes; row++) {
    const part = counts.subarray(row * classes, (row + 1) * classes);
    part.set(roundKeepingSum(part));
  }
  return counts;
}

/** What is pruned, by row: of each class the least confident, and of each pair of classes those nearest to the other. */
function pruned(labelled: Labelled, joint: ConfidentJoint): { byClass: Uint8Array; byRate: Uint8Array } {
  const { classes, probabilities, given } = labelled;
  const sizes = classCounts(labelled);
  const counts = pruneCounts(joint, sizes);
  const byClass = new Uint8Array(given.length);
  const byRate = new Uint8Array(given.length);
  for (const [label, rows] of rowsOfClasses(given, sizes).entries()) {
    if (rows.length <= MIN_PER_CLASS) continue;
    const own = Float64Array.from(rows, (row) => probabilities[row * classes + label]!);
    for (const row of lowest(own, rows, rows.length - counts[label * classes + label]!)) byClass[row] = 1;
    for (let truth = 0; truth < classes; truth++) {
      const count = truth === label ? 0 : counts[truth * classes + label]!;
      if (count === 0) continue;
      const lead = own.map((value, i) => value - probabilities[rows[i]! * classes + truth]!);
      for (const row of lowest(lead, rows, count)) byRate[row] = 1;
    }
  }
  return { byClass, byRate };
}

/** The rows of each class, ascending. */
function rowsOfClasses(given: Int32Array, sizes: Int32Array): Int32Array[] {
  const rows = Array.from(sizes, (size) => new Int32Array(size));
  const taken = new Int32Array(sizes.length);
  given.forEach((label, row) => (rows[label]![taken[label]!++] = row));
  return rows;
}

/** Those `count` rows whose values, in the same order, are lowest; of equals the first. They keep their order. */
function lowest(values: Float64Array, rows: Int32Array, count: number): Int32Array {
  if (count <= 0) return new Int32Array();
  const ascending = values.toSorted();
  const limit = ascending[Math.min(count, ascending.length) - 1]!;
  let equals = count - ascending.indexOf(limit);
  return rows.filter((_, i) => values[i]! < limit || (values[i] === limit && equals-- > 0));
}

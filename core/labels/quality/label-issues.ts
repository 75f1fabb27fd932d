import { calibrated, confidentJoint, roundKeepingSum } from './confident-joint.ts';
import {
  normalizedMargin,
  selfConfidence,
  ascending,
  classCounts,
  predicted,
  type Labelled,
} from './labelled.ts';

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
 * Rows whose label the filter calls wrong, in ascending order. Except for the two `low_*` filters, a row that the model
 * agrees with is never among them. Ties are broken by row. O(n classes + classes^2 n_k log n_k).
 */
export function labelIssues(labelled: Labelled, filter: IssueFilter): number[] {
  const rows = [...labelled.given.keys()];
  const suspect = (row: number): boolean => predicted(labelled, row) !== labelled.given[row];
  if (filter === 'low_self_confidence' || filter === 'low_normalized_margin') {
    const values = filter === 'low_self_confidence' ? selfConfidence(labelled) : normalizedMargin(labelled);
    return ascending(values, rows)
      .slice(0, confidentlyOther(labelled).length)
      .sort((a, b) => a - b);
  }
  if (filter === 'predicted_neq_given') return rows.filter(suspect);
  if (filter === 'confident_learning') return confidentlyOther(labelled);
  const byClass = filter === 'prune_by_noise_rate' ? null : new Set(prunedByClass(labelled));
  const byRate = filter === 'prune_by_class' ? null : new Set(prunedByNoiseRate(labelled));
  return rows.filter((row) => (byClass?.has(row) ?? true) && (byRate?.has(row) ?? true) && suspect(row));
}

/** Rows that the confident joint counts as another class and the model too: `num_label_issues` of them. */
function confidentlyOther(labelled: Labelled): number[] {
  const { guess } = confidentJoint(labelled);
  return [...guess.keys()].filter(
    (row) =>
      guess[row]! >= 0 &&
      guess[row] !== labelled.given[row] &&
      predicted(labelled, row) !== labelled.given[row],
  );
}

/** Row = true class, column = given: how many images of each given class are to be pruned as which true one. */
function pruneCounts(labelled: Labelled): Float64Array {
  const { classes } = labelled;
  const joint = calibrated(confidentJoint(labelled), classCounts(labelled));
  const counts = new Float64Array(joint.length);
  for (let given = 0; given < classes; given++) {
    const column = Float64Array.from({ length: classes }, (_, truth) => joint[given * classes + truth]!);
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

function rowsOfClass({ given }: Labelled, label: number): number[] {
  return [...given.keys()].filter((row) => given[row] === label);
}

function prunedByClass(labelled: Labelled): number[] {
  const counts = pruneCounts(labelled);
  const sizes = classCounts(labelled);
  const values = selfConfidence(labelled);
  return [...sizes.keys()].flatMap((label) => {
    const keep = counts[label * labelled.classes + label]!;
    const rows = sizes[label]! > MIN_PER_CLASS ? rowsOfClass(labelled, label) : [];
    return ascending(values, rows).slice(0, Math.max(0, sizes[label]! - keep));
  });
}

function prunedByNoiseRate(labelled: Labelled): number[] {
  const { classes, probabilities } = labelled;
  const counts = pruneCounts(labelled);
  const sizes = classCounts(labelled);
  const pruned = new Set<number>();
  for (let label = 0; label < classes; label++) {
    if (sizes[label]! <= MIN_PER_CLASS) continue;
    const rows = rowsOfClass(labelled, label);
    for (let truth = 0; truth < classes; truth++) {
      if (truth === label) continue;
      const margin = new Map(
        rows.map((row) => [
          row,
          probabilities[row * classes + truth]! - probabilities[row * classes + label]!,
        ]),
      );
      rows
        .toSorted((a, b) => margin.get(b)! - margin.get(a)! || a - b)
        .slice(0, counts[truth * classes + label])
        .forEach((row) => pruned.add(row));
    }
  }
  return [...pruned];
}

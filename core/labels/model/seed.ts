import { AssayError } from '../../../rpc/errors.ts';
import { randomIndex, sampleWithoutReplacement, streamOf, type Random } from '../../base/numeric/random.ts';

export interface Seed {
  n: number;
  dimensions: number;
  /** Classes that have real images, ascending. */
  present: Int32Array;
  /** n column numbers into `present`. */
  labels: Int32Array;
  /** The same, -1 for the only member of a class, which cannot be judged by a model that did not see it. */
  judged: Int32Array;
}

/** Whether labels (class indices, -1 for none) can teach a model: two classes with two images each. */
export function teachesClasses(labels: Int32Array): boolean {
  const counts = new Map<number, number>();
  for (const label of labels) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].filter((count) => count >= 2).length >= 2;
}

/** Checks the training data and numbers the classes that occur. `INVALID_INPUT` or `NOT_READY`, naming the remedy. */
export function checkSeed(embeddings: Float32Array, given: Int32Array, classes: number): Seed {
  const n = given.length;
  if (n === 0) {
    throw new AssayError(
      'NOT_READY',
      'There is no labelled real image yet; import the annotated seed first.',
    );
  }
  const dimensions = embeddings.length / n;
  if (!Number.isInteger(dimensions) || dimensions === 0) {
    throw new AssayError(
      'INVALID_INPUT',
      `${embeddings.length} embedding values do not divide into ${n} labelled rows; give one embedding per label.`,
    );
  }
  const counts = new Int32Array(classes);
  given.forEach((label, i) => {
    if (label < 0 || label >= classes) {
      throw new AssayError(
        'INVALID_INPUT',
        `Row ${i} has class ${label}, not one of 0 to ${classes - 1}; leave unlabelled images out.`,
      );
    }
    counts[label] = counts[label]! + 1;
  });
  const broken = embeddings.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    throw new AssayError(
      'INVALID_INPUT',
      `The embedding of row ${Math.floor(broken / dimensions)} is not finite; leave that image out.`,
    );
  }
  if (!teachesClasses(given)) {
    throw new AssayError(
      'NOT_READY',
      'The real images do not show at least two classes with two images each, so nothing can be learnt from their ' +
        'labels; import more labelled real images.',
    );
  }
  const present = Int32Array.from(counts.keys()).filter((label) => counts[label]! > 0);
  const column = new Int32Array(classes);
  present.forEach((label, i) => (column[label] = i));
  const labels = given.map((label) => column[label]!);
  const judged = labels.map((label, i) => (counts[given[i]!]! >= 2 ? label : -1));
  return { n, dimensions, present, labels, judged };
}

export interface Standardisation {
  mean: Float64Array;
  std: Float64Array;
  /** n x d with mean 0 and standard deviation 1 per dimension. */
  rows: Float32Array;
}

/** Smaller spreads than this share of the usual one are noise, and would be blown up by dividing. */
const SMALLEST_SPREAD = 0.01;

/**
 * Standardises n x d embeddings per dimension. The standard deviation (over n) is floored at a hundredth of its root
 * mean square over the dimensions, and is 1 when no dimension varies.
 */
export function standardise(embeddings: Float32Array, n: number, d: number): Standardisation {
  const mean = new Float64Array(d);
  const std = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] = mean[j]! + embeddings[i * d + j]! / n;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) std[j] = std[j]! + (embeddings[i * d + j]! - mean[j]!) ** 2 / n;
  }
  const usual = Math.sqrt(std.reduce((sum, variance) => sum + variance, 0) / d);
  for (let j = 0; j < d; j++) std[j] = Math.max(Math.sqrt(std[j]!), SMALLEST_SPREAD * usual) || 1;
  const rows = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) rows[i * d + j] = (embeddings[i * d + j]! - mean[j]!) / std[j]!;
  }
  return { mean, std, rows };
}

/**
 * A fold 0..folds-1 per row, drawn by seed within each class, so that the members of a class spread over as many folds
 * as they can: a class of two or more is never held out whole.
 */
export function stratifiedFolds(
  labels: Int32Array,
  classes: number,
  folds: number,
  seed: number,
): Int32Array {
  const random = streamOf(seed, 'folds');
  const fold = new Int32Array(labels.length);
  let next = 0;
  for (const rows of shuffledByClass(labels, classes, random)) {
    for (const row of rows) fold[row] = next++ % folds;
  }
  return fold;
}

/**
 * `pairs` random splits of the rows into two halves, each class split evenly: 1 where a row is in the first half, 0
 * where it is in the second. Every row is outside exactly one half of every pair, so that each has the same number of
 * models that never saw it, which bootstrap draws cannot promise. Half-samples vary as bootstrap samples do
 * (McCarthy 1969; Buja and Stuetzle 2006, "Observations on bagging").
 */
export function halfSplits(labels: Int32Array, classes: number, pairs: number, seed: number): Float64Array[] {
  const random = streamOf(seed, 'halves');
  return Array.from({ length: pairs }, () => {
    const first = new Float64Array(labels.length);
    for (const rows of shuffledByClass(labels, classes, random)) {
      const start = randomIndex(random, 2);
      rows.forEach((row, position) => (first[row] = (position + start) % 2));
    }
    return first;
  });
}

/** The row numbers of every class in random order; an empty list for a class without rows. */
function shuffledByClass(labels: Int32Array, classes: number, random: Random): number[][] {
  const members = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, row) => members[label]!.push(row));
  return members.map((rows) =>
    Array.from(sampleWithoutReplacement(random, rows.length, rows.length), (i) => rows[i]!),
  );
}

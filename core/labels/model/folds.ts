import { randomIndex, sampleWithoutReplacement, streamOf, type Random } from '../../base/numeric/random.ts';

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

import { AssayError } from '../../../rpc/errors.ts';

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
  if (counts.filter((count) => count >= 2).length < 2) {
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

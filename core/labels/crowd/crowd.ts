import { AssayError } from '../../../rpc/errors.ts';

/** What several people said of some images, beside what a model says of them. */
export interface Crowd {
  classes: number;
  annotators: number;
  /** n x annotators, row-major: class index, -1 where the annotator did not answer. */
  answers: Int32Array;
  /** n x classes, row-major, each row summing to 1. */
  probabilities: Float64Array;
}

/** Answers per image. */
export function answersPerImage({ annotators, answers }: Crowd): Int32Array {
  const counts = new Int32Array(answers.length / annotators);
  answers.forEach((answer, at) => {
    if (answer >= 0) counts[Math.floor(at / annotators)]!++;
  });
  return counts;
}

/** INVALID_INPUT where the parts do not fit each other, or an image has no answer at all. */
export function requireCrowd(crowd: Crowd): void {
  const { classes, annotators, answers, probabilities } = crowd;
  const images = annotators > 0 ? answers.length / annotators : 0;
  if (images === 0 || !Number.isInteger(images) || probabilities.length !== images * classes)
    throw new AssayError(
      'INVALID_INPUT',
      `${answers.length} answers of ${annotators} annotators and ${probabilities.length} probabilities of ${classes} classes are not of the same images.`,
    );
  const strange = answers.findIndex((answer) => answer < -1 || answer >= classes);
  if (strange >= 0)
    throw new AssayError(
      'INVALID_INPUT',
      `Image ${Math.floor(strange / annotators)} was given class ${answers[strange]}; there are ${classes} classes.`,
    );
  const silent = answersPerImage(crowd).indexOf(0);
  if (silent >= 0)
    throw new AssayError(
      'INVALID_INPUT',
      `Nobody answered image ${silent}: leave out images without an answer.`,
    );
}

/** The most probable class of a row, the first of equally probable ones. */
export function topClass(probabilities: Float64Array, row: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++)
    if (probabilities[row * classes + k]! > probabilities[row * classes + best]!) best = k;
  return best;
}

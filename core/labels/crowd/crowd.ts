import { AssayError } from '../../../rpc/errors.ts';

/** Several people's labels of some images, with a model's probabilities. */
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

/**
 * The class that most annotators gave each image. Ties go to the class that the model finds more probable, then to the
 * one with fewer answers in all, then to the one whose annotators agree more often with the majorities that are not
 * tied, then to the first (the reference draws one at random).
 */
export function majorityVote(crowd: Crowd): Int32Array {
  const { classes, annotators, answers, probabilities } = crowd;
  const images = answersPerImage(crowd).length;
  const total = new Int32Array(classes);
  for (const answer of answers) if (answer >= 0) total[answer]!++;
  const votes = new Int32Array(images).fill(-1);
  const tied = new Map<number, number[]>();
  for (let i = 0; i < images; i++) {
    const most = commonest(answers.subarray(i * annotators, (i + 1) * annotators));
    if (most.length === 1) votes[i] = most[0]!;
    else tied.set(i, most);
  }
  const agreement = tied.size === 0 ? [] : agreementWith(crowd, votes);
  for (const [i, classesTied] of tied) {
    let left = largestOf(classesTied, (k) => probabilities[i * classes + k]!);
    left = largestOf(left, (k) => -total[k]!);
    left = largestOf(left, (k) => meanAgreement(answers, annotators, i, k, agreement));
    votes[i] = left[0]!;
  }
  return votes;
}

function commonest(answers: Int32Array): number[] {
  const counts = new Map<number, number>();
  for (const answer of answers) if (answer >= 0) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return largestOf(
    [...counts.keys()].sort((a, b) => a - b),
    (k) => counts.get(k)!,
  );
}

function largestOf(values: number[], size: (value: number) => number): number[] {
  const most = Math.max(...values.map(size));
  return values.filter((value) => size(value) === most);
}

/** How often each annotator agrees with the votes that stand; the mean of the others for one without any such answer. */
function agreementWith({ annotators, answers }: Crowd, votes: Int32Array): number[] {
  const shares = Array.from({ length: annotators }, (_, j) => {
    let alike = 0;
    let seen = 0;
    votes.forEach((vote, i) => {
      const answer = answers[i * annotators + j]!;
      if (vote < 0 || answer < 0) return;
      seen++;
      if (answer === vote) alike++;
    });
    return alike / seen;
  });
  return fillWithMean(shares);
}

/** Values that are not numbers get the mean of those that are; 0 where none is. */
export function fillWithMean(values: number[]): number[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.length === 0 ? 0 : known.reduce((a, b) => a + b, 0) / known.length;
  return values.map((value) => (Number.isNaN(value) ? mean : value));
}

function meanAgreement(
  answers: Int32Array,
  annotators: number,
  image: number,
  label: number,
  agreement: number[],
): number {
  const own = agreement.filter((_, j) => answers[image * annotators + j] === label);
  return own.reduce((a, b) => a + b, 0) / own.length;
}

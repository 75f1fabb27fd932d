import { answersPerImage, type Crowd } from './crowd.ts';

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

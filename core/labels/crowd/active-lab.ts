import { answersPerImage, requireCrowd, topClass, type Crowd, majorityVote } from './crowd.ts';
import { crowdlab, type CrowdLabels } from './crowdlab.ts';

export interface ActiveLab {
  /** Per answered image, 0..1: low = worth another answer most. */
  answered: Float64Array;
  /** Per unanswered image, on the same scale: low = a first answer is worth most. */
  unanswered: Float64Array;
  temperature: number;
  /** What the answers say; null where every image has one answer, which says nothing of the annotators. */
  labels: CrowdLabels | null;
}

/**
 * ActiveLab (Goh and Mueller 2023): which image is worth an answer most, a further or a first one. Scores are chances
 * that the label is right, drawn towards 1 / classes by as much as one more answer would weigh.
 *
 * @param unanswered probabilities of images without an answer, n x classes
 * @param given temperature of the model's probabilities, instead of the one that fits the answers best
 */
export function activeLab(crowd: Crowd, unanswered: Float64Array, given?: number): ActiveLab {
  requireCrowd(crowd);
  const { classes, annotators, answers } = crowd;
  const single = answersPerImage(crowd).every((count) => count === 1);
  const temperature = single ? 1 : (given ?? crowdTemperature(crowd));
  const calibrated = { ...crowd, probabilities: atTemperature(crowd.probabilities, classes, temperature) };
  const labels = single ? null : crowdlab(calibrated);
  const quality =
    labels?.quality ??
    Float64Array.from(majorityVote(crowd), (label, i) => crowd.probabilities[i * classes + label]!);
  const weights = labels?.weights.annotators ?? new Float64Array(annotators).fill(1);
  const model = labels?.weights.model ?? 1;
  const usual = weights.reduce((a, b) => a + b, 0) / annotators;
  const drawn = (chance: number, weight: number): number =>
    (weight * chance + usual / classes) / (weight + usual);
  const scaled = atTemperature(unanswered, classes, temperature);
  return {
    answered: quality.map((chance, i) => {
      let weight = model;
      for (let j = 0; j < annotators; j++) if (answers[i * annotators + j]! >= 0) weight += weights[j]!;
      return drawn(chance, weight);
    }),
    unanswered: Float64Array.from({ length: unanswered.length / classes }, (_, i) =>
      drawn(scaled[i * classes + topClass(scaled, i, classes)]!, model),
    ),
    temperature,
    labels,
  };
}

const COARSE = [0.1, 0.2, 0.5, 0.8, 1, 2, 3, 5, 8];
/** Steps between two neighbouring values of the coarse grid. */
const FINE = 4;
const SMALLEST = 1e-30;

/** Rows `p^(1/T)`, made to sum to 1: below 1 sharper, above 1 flatter. Probabilities of 0 count as 1e-30. */
function atTemperature(probabilities: Float64Array, classes: number, temperature: number): Float64Array {
  const scaled = probabilities.map((p) => Math.max(p, SMALLEST) ** (1 / temperature));
  for (let start = 0; start < scaled.length; start += classes) {
    const row = scaled.subarray(start, start + classes);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let k = 0; k < classes; k++) row[k]! /= sum;
  }
  return scaled;
}

/**
 * The temperature at which the model's probabilities are closest to what the annotators said: least cross entropy with
 * the shares of the answers, by a coarse grid from .1 to 8 and four steps to either side of its best.
 */
function crowdTemperature(crowd: Crowd): number {
  const losses = COARSE.map((temperature) => softCrossEntropy(crowd, temperature));
  const best = losses.indexOf(Math.min(...losses));
  const between = (from: number, to: number): number[] =>
    from < 0 || to >= COARSE.length
      ? []
      : Array.from({ length: FINE }, (_, i) => COARSE[from]! + ((COARSE[to]! - COARSE[from]!) * i) / FINE);
  const fine = [...between(best - 1, best), ...between(best, best + 1), COARSE[best + 1] ?? COARSE[best]!];
  const fineLosses = fine.map((temperature) => softCrossEntropy(crowd, temperature));
  return fine[fineLosses.indexOf(Math.min(...fineLosses))]!;
}

/** Mean over the answers' shares of -ln p, every image counting once. */
function softCrossEntropy(
  { classes, annotators, answers, probabilities }: Crowd,
  temperature: number,
): number {
  const scaled = atTemperature(probabilities, classes, temperature);
  let total = 0;
  for (let start = 0, row = 0; start < answers.length; start += annotators, row++) {
    const own = answers.subarray(start, start + annotators).filter((answer) => answer >= 0);
    for (const answer of own)
      total -= Math.log(Math.max(scaled[row * classes + answer]!, SMALLEST)) / own.length;
  }
  return total;
}

import { answersPerImage, requireCrowd, topClass, type Crowd } from './crowd.ts';
import { atTemperature, crowdTemperature } from './crowd-temperature.ts';
import { crowdlab, type CrowdLabels } from './crowdlab.ts';
import { majorityVote } from './majority-vote.ts';

export interface ActiveLab {
  /** Per answered image, 0..1: low = worth another answer most. */
  answered: Float64Array;
  /** Per image that nobody answered, on the same scale: low = worth a first answer most. */
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

import { AssayError } from '../../../rpc/errors.ts';
import { answersPerImage, requireCrowd, topClass, type Crowd, fillWithMean, majorityVote } from './crowd.ts';

/** Errors and weights are kept at least this far from 0. */
const LEAST = 1e-6;

interface CrowdWeights {
  model: number;
  /** Per annotator. */
  annotators: Float64Array;
  /** How likely an answer agrees with the consensus, over the images with more than one answer. */
  agreement: number;
}

export interface CrowdLabels {
  /** Consensus class per image. */
  consensus: Int32Array;
  /** Estimated chance that the consensus is right, 0..1. */
  quality: Float64Array;
  /** Share of each image's answers that agree with its consensus. */
  agreement: Float64Array;
  weights: CrowdWeights;
  /** n x classes: probabilities from the answers and the model together. */
  posterior: Float64Array;
  /** Quality of each annotator's answers, 0..1; NaN for one who shares no image with another annotator. */
  annotatorQuality: Float64Array;
}

/**
 * CROWDLAB (Goh, Tkachenko, Mueller 2022): consensus, its quality and the annotators' quality from several answers per
 * image and a model's out-of-sample probabilities. Answers and model are averaged with weights that say by how much
 * each errs less than always naming the commonest class. NOT_READY where no image has two answers, or there is one
 * class, since there is nothing to compare then.
 */
export function crowdlab(crowd: Crowd): CrowdLabels {
  requireCrowd(crowd);
  const counts = answersPerImage(crowd);
  if (!counts.some((count) => count > 1))
    throw new AssayError(
      'NOT_READY',
      'No image was answered by two people: let two or three answer the same items to judge answers by each other.',
    );
  if (crowd.classes < 2)
    throw new AssayError('NOT_READY', 'There is one class only, so reviewers cannot differ.');
  const votes = majorityVote(crowd);
  const first = posteriorOf(crowd, weightsOf(crowd, votes, counts));
  const consensus = votes.map((vote, i) => uniqueTop(first, i, crowd.classes) ?? vote);
  const weights = weightsOf(crowd, consensus, counts);
  const posterior = posteriorOf(crowd, weights);
  return {
    consensus,
    quality: Float64Array.from(consensus, (label, i) => posterior[i * crowd.classes + label]!),
    agreement: agreementWithConsensus(crowd, consensus, counts),
    weights,
    posterior,
    annotatorQuality: qualityOf(crowd, consensus, counts, weights, posterior),
  };
}

function uniqueTop(probabilities: Float64Array, row: number, classes: number): number | null {
  const best = topClass(probabilities, row, classes);
  for (let k = best + 1; k < classes; k++)
    if (probabilities[row * classes + k] === probabilities[row * classes + best]) return null;
  return best;
}

function agreementWithConsensus(
  { annotators, answers }: Crowd,
  consensus: Int32Array,
  counts: Int32Array,
): Float64Array {
  return Float64Array.from(consensus, (label, i) => {
    const own = answers.subarray(i * annotators, (i + 1) * annotators);
    return own.filter((answer) => answer === label).length / counts[i]!;
  });
}

function weightsOf(crowd: Crowd, consensus: Int32Array, counts: Int32Array): CrowdWeights {
  const { classes, probabilities } = crowd;
  const several = [...counts.keys()].filter((i) => counts[i]! > 1);
  const agreement = mean(agreementWithConsensus(crowd, consensus, counts), several);
  const sizes = new Int32Array(classes);
  for (const i of several) sizes[consensus[i]!]!++;
  const baseline = Math.max(1 - Math.max(...sizes) / several.length, LEAST);
  const modelError =
    several.filter((i) => topClass(probabilities, i, classes) !== consensus[i]).length / several.length;
  const answers = counts.reduce((a, b) => a + b, 0);
  return {
    model: Math.max(1 - modelError / baseline, LEAST) * Math.sqrt(answers / counts.length),
    annotators: Float64Array.from(fillWithMean(agreementAmong(crowd, counts)), (agreed) =>
      Math.max(1 - (1 - agreed) / baseline, LEAST),
    ),
    agreement,
  };
}

/** Per annotator the share of co-annotators' answers that agree; NaN without co-annotators. */
function agreementAmong({ annotators, answers }: Crowd, counts: Int32Array): number[] {
  return Array.from({ length: annotators }, (_, j) => {
    let alike = 0;
    let compared = 0;
    counts.forEach((count, i) => {
      const answer = answers[i * annotators + j]!;
      if (answer < 0) return;
      const own = answers.subarray(i * annotators, (i + 1) * annotators);
      alike += own.filter((other) => other === answer).length - 1;
      compared += count - 1;
    });
    return alike / compared;
  });
}

function posteriorOf(crowd: Crowd, { model, annotators: weights, agreement }: CrowdWeights): Float64Array {
  const { classes, annotators, answers, probabilities } = crowd;
  const disagreement = (1 - agreement) / (classes - 1);
  const posterior = probabilities.map((p) => p * model);
  for (let start = 0, row = 0; start < answers.length; start += annotators, row++) {
    let total = model;
    for (let j = 0; j < annotators; j++) {
      const answer = answers[start + j]!;
      if (answer < 0) continue;
      total += weights[j]!;
      for (let k = 0; k < classes; k++)
        posterior[row * classes + k]! += weights[j]! * (k === answer ? agreement : disagreement);
    }
    for (let k = 0; k < classes; k++) posterior[row * classes + k]! /= total;
  }
  return posterior;
}

function qualityOf(
  { classes, annotators, answers }: Crowd,
  consensus: Int32Array,
  counts: Int32Array,
  weights: CrowdWeights,
  posterior: Float64Array,
): Float64Array {
  const meanCount = counts.reduce((a, b) => a + b, 0) / counts.length;
  const ofAnnotators = weights.annotators.reduce((a, b) => a + b, 0) * (meanCount / annotators);
  const share = weights.model / (weights.model + ofAnnotators);
  return Float64Array.from({ length: annotators }, (_, j) => {
    let [likely, answered, alike, together] = [0, 0, 0, 0];
    consensus.forEach((label, i) => {
      const answer = answers[i * annotators + j]!;
      if (answer < 0) return;
      answered++;
      likely += posterior[i * classes + answer]!;
      if (counts[i]! < 2) return;
      together++;
      if (answer === label) alike++;
    });
    return share * (likely / answered) + (1 - share) * (alike / together);
  });
}

function mean(values: Float64Array, rows: number[]): number {
  return rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;
}

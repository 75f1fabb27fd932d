import type { PixelStats } from '../../../imaging/types.ts';
import type { Stratum } from '../../../rpc/contract/terms.ts';

/** Facts a score may need; a score whose needs are not met for an image has no value there, which is not a failure. */
export type Need =
  | 'probabilities'
  | 'label'
  | 'ensemble'
  | 'neighbours'
  | 'copies'
  | 'pixels'
  | 'size'
  | 'alignment';

/** Quantiles of the whole run that a score may be relative to; computed once before the blocks. */
export interface RunFacts {
  classes: number;
  /** Linear-interpolated quartiles of sqrt(width * height) over all scored images. */
  sizeQ1: number;
  sizeQ3: number;
  /** Median over the real seed of its own mean k-nn distance, self excluded: the scale of novelty (methods.md 1.6). */
  noveltyScale: number;
  /** The same per class; NaN where the class has too few seeds. */
  noveltyScaleOfClass: Float64Array;
  /** Median over the real seed of its mean distance to the k nearest of the pool, self excluded: the scale of isolation. */
  poolScale: number;
  /** Over (a sample of) the pool: median distance to the nearest other image. */
  medianNearest: number;
}

/**
 * A block of n images, columns side by side. Arrays are row-major. NaN marks a value that does not exist for a row.
 */
export interface ScoreBlock {
  n: number;
  run: RunFacts;
  /** n x classes, calibrated and out of sample; a row of NaN where there is no embedding. */
  probabilities: Float64Array;
  /** Each n x classes: the bootstrap members' probabilities. */
  ensemble: Float64Array[];
  /** Class index of the given label, -1 where there is none or the class has no seeds. */
  given: Int32Array;
  /** Mean distance to the k nearest real seeds of any class, self excluded. */
  seedDistance: Float64Array;
  /** The same within the seeds of the given class. */
  givenClassDistance: Float64Array;
  /** Mean distance to the nearest real seeds of other classes than the given one. */
  rivalClassDistance: Float64Array;
  /** Mean distance to the k nearest of the pool (the real seeds and a sample of the scored batch), self excluded. */
  poolDistance: Float64Array;
  /** Distance to the nearest of the pool. */
  poolNearest: Float64Array;
  /** Share of these k whose given label is the row's own; NaN where it has none. See neighbourhood.ts. */
  poolAgreement: Float64Array;
  /** Share of these k with the commonest other label; NaN where the row has no label. */
  poolRivalAgreement: Float64Array;
  /** Squared Mahalanobis distances per dimension: to the given class, to the nearest other, to everything (class-clouds.ts). */
  ownCloudDistance: Float64Array;
  rivalCloudDistance: Float64Array;
  wholeCloudDistance: Float64Array;
  /** Lead of the given class by kernel ridge regression (core/labels/risk/kernel-ridge.ts). */
  kernelMargin: Float64Array;
  /** Chance that the given label is wrong; known once all other scores are (core/measure/label-risk.ts). */
  labelRisk: Float64Array;
  /** Cosine with what stands for the given class (its prompt, or its real images), and with the best other class. */
  ownAlignment: Float64Array;
  bestOtherAlignment: Float64Array;
  /** Similarity 0..1 (1 = the same picture) of the closest confirmed copy: in the batch, in the seed, in the hold-out. 0 = none. */
  batchCopy: Float64Array;
  seedCopy: Float64Array;
  holdoutCopy: Float64Array;
  /** 1 where another file of the project has the very same bytes or pixels. */
  exactCopy: Float64Array;
  pixels: PixelStats[];
  /** 32 x 32 RGB bytes of each picture (imaging/types.ts). */
  signatures: Uint8Array[];
  width: Int32Array;
  height: Int32Array;
}

/** How the queue ranks images by a score. */
export interface Ranking {
  stratum: Exclude<Stratum, 'audit'>;
  /**
   * What makes a value suspect: `value`, lying towards the suspect end of 0..1; `outlying`, being unlike the values of
   * the real images and of the other candidates; `threshold`, lying beyond the threshold of the score's source.
   */
  by: 'value' | 'outlying' | 'threshold';
  /** Outlying among images of the same class too. */
  withinClass?: true;
  /** Counts only where no other score of its stratum has a value. */
  standIn?: true;
  /** The scale that outlyingness is measured on, higher is more suspect; the value itself, or minus it, by default. */
  scale?: (value: number) => number;
}

export interface Score {
  id: string;
  title: string;
  /** Which end people must look at. */
  suspect: 'high' | 'low';
  range: [number, number];
  unit: string;
  needs: Need[];
  /** One sentence: what a suspect value means. */
  meaning: string;
  /** Where the formula comes from. */
  source: string;
  /** The value at which the source of the formula flags an image, or null where it names none. Suspect side, strict. */
  threshold: number | null;
  /** Absent where the queue does not rank by it. */
  ranking?: Ranking;
  /**
   * When a reviewer is told of it, besides the score that an image was ranked by: where the value is `rare` among the
   * candidates, `flagged` (beyond the threshold), or `ranked` (its own priority is above 0).
   */
  reason?: 'rare' | 'flagged' | 'ranked';
  /** Says something of the given label, so nothing where another one is shown. */
  aboutLabel?: true;
  /** n values; NaN where the score does not apply. */
  compute(block: ScoreBlock): Float64Array;
}

export function defineScore(score: Score): Score {
  return score;
}

import * as z from 'zod';
import { ProjectPath, Seed } from './terms.ts';

/** What a measure says of itself. */
export interface MeasureInfo {
  id: string;
  title: string;
  meaning: string;
  /** Which side is worse. */
  worse: 'high' | 'low' | 'both';
}

/** One measure of a batch beside what real images give against other real images of the same number. */
export interface Measured extends MeasureInfo {
  /** Median over the draws; null where it cannot be computed. */
  value: number | null;
  /** 2.5th, 50th and 97.5th percentile of real against real; null where there are too few real images for it. */
  band: [number, number, number] | null;
  /** Why the value or the band is missing. */
  why: string | null;
  /** Whether the value lies outside the band on its worse side. */
  outside: boolean;
}

/** The measures within one class. */
export interface ClassReport {
  name: string | null;
  real: number;
  generated: number;
  /** Images in each draw; null where nothing could be measured. */
  sample: number | null;
  /** Empty where there are too few images. */
  measures: Measured[];
  why: string | null;
}

/** An image as it is shown. */
export interface Picture {
  sha256: string;
  path: string;
}

/** A rare kind of real image that the batch has too little of. */
export interface RareCluster {
  /** Share of the real images, and of the generated ones, that lie in it. */
  real: number;
  generated: number;
  /** Chance of so few if the batch were like the real images. */
  p: number;
  /** The commonest label of its real images. */
  label: string | null;
  /** Its most typical real images. */
  examples: Picture[];
}

/** How the mass of a batch lies over clusters of the real images. */
export interface ClusterReport {
  clusters: number;
  /** Clusters that hold less than 2 % of the real images each, and what they hold together. */
  rare: { clusters: number; real: number; generated: number };
  /** Least share of a rare cluster's mass that the batch has; null without rare clusters. */
  leastRatio: number | null;
  /** Whether both sides lie over the clusters alike: G statistic, and its p-value by permutation. */
  g: number;
  p: number;
  permutations: number;
  missing: RareCluster[];
}

/** Whether a batch's images differ from another one's. */
export interface Drift {
  previous: string;
  /** Energy distance, with a permutation test. */
  distance: number;
  p: number;
  permutations: number;
  /**
   * Z of the distances to one half of the previous batch, against those of its other half: far below 0 = made from it.
   */
  fedOnZ: number;
}

/** What to generate next of one class. */
export interface PlanRow {
  name: string;
  real: number;
  /** Synthetic images of the class that are neither rejected nor kept out by a rule, over all batches. */
  usable: number;
  /** About so many more; 0 where there is enough. */
  generate: number;
  /** Share of the decided images given this class that were rejected or got another label. */
  lost: { share: number; of: number };
  why: string[];
}

/** How a batch stands against the frozen real anchor. Everything is of samples of equal size, drawn by a recorded seed. */
export interface BatchReport {
  /** The report in a sentence or two. */
  summary: string;
  run: number;
  batch: string;
  generation: number | null;
  generator: string | null;
  images: number;
  real: number;
  /** Images in each draw, and draws. */
  sample: number;
  draws: number;
  seed: number;
  model: string;
  measures: Measured[];
  classes: ClassReport[];
  clusters: ClusterReport;
  /**
   * Generated images nearest to a real one compared with how dense it is there: look at the pairs. Confirmed ones are
   * copies by their pixels; those may have no ratio.
   */
  memorised: {
    sha256: string;
    path: string;
    realSha256: string;
    realPath: string;
    ratio: number | null;
    confirmed: boolean;
  }[];
  /** Against the batch that it is compared with; null where that is missing or too small. */
  drift: Drift | null;
  /** Measures outside their band here and in the batch that it is compared with too: two of them make an alarm. */
  alarm: { raised: boolean; measures: string[]; text: string };
  plan: PlanRow[];
  /** What is missing, the worst first, in words. */
  advice: string[];
  notes: string[];
}

/** One batch on the curves over generations. */
export interface GenerationPoint {
  batch: string;
  generation: number | null;
  generator: string | null;
  images: number;
  /** Images in each draw; null where the batch could not be measured. */
  sample: number | null;
  /** In the order of `measures` of the whole; empty where the batch could not be measured. */
  values: Pick<Measured, 'value' | 'band' | 'outside'>[];
  why: string | null;
  /** Against the batch before it. */
  drift: Drift | null;
  alarm: boolean;
  /** Decisions on its images: what people keep is what the next generation is made of. */
  accepted: number;
  rejected: number;
  /** Real images that nobody rejected, and synthetic ones left, up to and with this batch; share of the real ones. */
  mix: { real: number; synthetic: number; share: number | null };
}

/** How well a run's label model does on the labelled hold-out images, which nothing was trained on. */
export interface HoldoutQuality {
  run: number;
  model: string;
  images: number;
  accuracy: number;
  /** Clopper and Pearson, 95 %. */
  interval: [number, number];
  /** Expected calibration error of the most probable class over 15 bins of equal width. */
  calibrationError: number;
}

/** Every measure over the project's synthetic batches, by generation where all have one, else as they were imported. */
export interface GenerationsReport {
  run: number;
  seed: number;
  model: string;
  measures: MeasureInfo[];
  points: GenerationPoint[];
  /** Of every run that has predictions of labelled hold-out images, the oldest first. */
  holdout: HoldoutQuality[];
}

/**
 * Measures a batch against the real anchor and the batch before it. What was measured before is read; where the task is
 * stopped, whole measurements are kept.
 */
export const ReportInput = z.object({
  project: ProjectPath,
  /** The newest synthetic one where none is named. */
  batch: z.string().nullable().default(null),
  /** What it is compared with: the batch before it where none is named. */
  against: z.string().nullable().default(null),
  seed: Seed,
  /** `page`: as one HTML page too, which needs nothing else. `files`: that page and JSON in the project's `reports/`. */
  also: z.enum(['page', 'files']).nullable().default(null),
});

export interface Report {
  report: BatchReport;
  /** HTML with its pictures, where it was asked for. */
  page: string | null;
  /** Paths of what was written. */
  files: string[];
}

/** Measures every synthetic batch that is not measured yet. */
export const GenerationsInput = z.object({ project: ProjectPath, seed: Seed });

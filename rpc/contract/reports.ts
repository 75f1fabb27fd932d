import * as z from 'zod';
import { figure } from '../format.ts';
import { certaintyWords, type Alteration } from './alteration.ts';
import type { MeasureGroup, Worse } from './measures.ts';
import type { PlanRow } from './plans.ts';
import { ProjectPath, Seed, type Certainty } from './terms.ts';

/** Description of a measure. */
export interface MeasureInfo {
  id: string;
  title: string;
  meaning: string;
  group: MeasureGroup;
  worse: Worse;
}

/** One measure of a batch, beside its values for equally many real images against other real ones. */
export interface Measured extends MeasureInfo {
  /** Median over the draws; null if it cannot be computed. */
  value: number | null;
  /** 2.5th, 50th and 97.5th percentile of real against real; null with too few real images. */
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
  /** Images in each draw; null if nothing could be measured. */
  sample: number | null;
  /** Empty with too few images. */
  measures: Measured[];
  why: string | null;
}

/** An image to show. */
export interface Picture {
  sha256: string;
  path: string;
}

/** An image of a gallery. */
export interface Shown extends Picture {
  /** Given label. */
  label: string | null;
  /** Of a real image: how far the nearest generated one is, in balls of its own. Of a generated one: how far out it is. */
  ratio: number;
}

/** The images that say most about a batch, at most 24 of each (core/fidelity/galleries.ts). */
export interface Galleries {
  /** Real images that no generated one covers, the farthest first. */
  vanished: { images: number; of: number; shown: Shown[] };
  /** One generated image of each kind that the real images lack. */
  fresh: Shown[];
  /** Generated images, the least like any real one first. */
  furthest: Shown[];
}

/** What each gallery shows. */
export const GALLERY_WORDS = {
  vanished: {
    title: 'What vanished',
    meaning:
      'Real images that no generated one comes near: none lies nearer than their fifth real neighbour.',
  },
  fresh: {
    title: 'What is new',
    meaning:
      'Kinds that the real images lack: at least six generated images alike, and no real one near. One of each.',
  },
  copies: {
    title: 'Copies and nearest pairs',
    meaning: 'The generated image and the real one that it is closest to: confirmed copies first.',
  },
  furthest: {
    title: 'Furthest from the real images',
    meaning: 'Generated images that are least like any real one: slips, or something new.',
  },
} as const;

/** `good`: nothing shows; `watch`: look closer; `bad`: a fault is shown. */
export type Level = 'good' | 'watch' | 'bad';

/** One reason of a verdict, with the pictures that show it; of copies, each beside the real one. */
export interface VerdictReason {
  group: MeasureGroup;
  level: Level;
  text: string;
  pictures: (Picture & { beside: Picture | null })[];
}

/** What a report says, in the words that every screen, command and page shows. */
export interface Verdict {
  /** The worst of the reasons' and the drift's. */
  level: Level;
  headline: string;
  /** What was measured, how many of how many images. */
  basis: string;
  /** Fidelity, diversity and copying. */
  reasons: VerdictReason[];
  /** Against the reference batch. */
  drift: { level: Level; text: string };
  /** How the batch lies over the kinds of real image. */
  kinds: string;
}

/** A kind of image, as clusters of the real images tell them apart, of which a batch has too few or too many. */
export interface KindOfImage {
  /** Shares of the real and of the generated images in it. */
  real: number;
  generated: number;
  /** Probability of so few, or so many, if the batch were like the real images. */
  p: number;
  /** The commonest label of the images shown. */
  label: string | null;
  /** Its most typical images. */
  examples: Picture[];
}

/** How a batch is distributed over clusters of the real images. */
export interface ClusterReport {
  clusters: number;
  /** Clusters with less than 2 % of the real images each, and their total share. */
  rare: { clusters: number; real: number; generated: number };
  /** Smallest share of a rare cluster's mass in the batch; null without rare clusters. */
  leastRatio: number | null;
  /** Whether both sides are distributed alike over the clusters: G statistic, and its p-value by permutation. */
  g: number;
  p: number;
  permutations: number;
  /** Rare kinds that the batch hardly has, with real images; and kinds that it has too many of, with its own. */
  missing: KindOfImage[];
  frequent: KindOfImage[];
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

/** Whether a batch says that its generator collapses (core/fidelity/alarm.ts). */
export interface Alarm {
  raised: boolean;
  /** Ids of the measures that fell outside their band both here and in the batch before; two of them raise it. */
  measures: string[];
  text: string;
}

/** A batch compared with the frozen real anchor, on samples of equal size drawn by a recorded seed. */
export interface BatchReport {
  verdict: Verdict;
  run: number;
  batch: string;
  generation: number | null;
  generator: string | null;
  images: number;
  real: number;
  /** Images in each draw, and draws. */
  sample: number;
  draws: number;
  /** Images that the draws were made from, and that galleries and clusters show: drawn where there are more. */
  read: { images: number; real: number };
  seed: number;
  model: string;
  measures: Measured[];
  galleries: Galleries;
  classes: ClassReport[];
  clusters: ClusterReport;
  /**
   * Generated images nearest to a real one relative to the local density: check the pairs. Confirmed ones are copies by
   * their pixels and may have no ratio.
   */
  memorised: {
    sha256: string;
    path: string;
    realSha256: string;
    realPath: string;
    ratio: number | null;
    confirmed: boolean;
    /** Of a confirmed one: how surely it shows the same. */
    certainty?: Certainty;
    /** Of a confirmed one: what was done to the real image, where that is more than storage and light explain. */
    alteration: Alteration | null;
  }[];
  /**
   * Images of the batch that show a real one, and the share that a generator which gives as many copies: the exact
   * interval of Clopper and Pearson at 95 %.
   */
  copied: { images: number; of: number; interval: [number, number] };
  /** Compared with the reference batch; null if that is missing or too small. */
  drift: Drift | null;
  alarm: Alarm;
  /** What to generate next (core/strategy/plan/), with the coverage that this batch reaches. */
  plan: PlanRow[];
  /** Deficiencies in words, the worst first. */
  advice: string[];
  notes: string[];
}

/** What a pair is: `same bytes`, `same picture: mirrored`, `not confirmed; distance ratio 0.31`. */
export const pairWords = ({
  ratio,
  confirmed,
  certainty = 'same-picture',
  alteration,
}: BatchReport['memorised'][number]): string =>
  confirmed ? certaintyWords(certainty, alteration) : `not confirmed; distance ratio ${figure(ratio)}`;

/**
 * Measures a batch against the real anchor and the previous batch. Earlier measurements are reused; if the task is
 * stopped, complete measurements are kept.
 */
export const ReportInput = z.object({
  project: ProjectPath,
  /** The newest synthetic one by default. */
  batch: z.string().nullable().default(null),
  /** The reference batch: the previous one by default. */
  against: z.string().nullable().default(null),
  seed: Seed,
  /** `page`: also as one self-contained HTML page. `files`: that page and JSON in the project's `reports/`. */
  also: z.enum(['page', 'files']).nullable().default(null),
});

export interface Report {
  report: BatchReport;
  /** HTML with its pictures, if requested. */
  page: string | null;
  /** Paths of the written files. */
  files: string[];
}

import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { LabelShare } from './reviews.ts';
import { Actor, ProjectPath } from './terms.ts';

/** Points of the plot, at most. */
const MOST_POINTS = 2000;

/** An answer and who gave it, counted and weighted by how good the annotators are. */
export interface WeighedShare extends LabelShare {
  /** Sum of the qualities of those who gave it; null where the quality of anybody who answered the image is unknown. */
  weight: number | null;
  /** Of the qualities of all who answered, 0..1; null where `weight` is. */
  weightedShare: number | null;
}

/** An image that several people answered. */
export interface AnsweredImage {
  sha256: string;
  path: string;
  annotators: number;
  /** The commonest first, as releases have them. */
  answers: WeighedShare[];
  /** Entropy of the unweighted shares over ln(classes), 0..1; null where an answer names no class, such as a reject. */
  people: number | null;
  /** Entropy of the model's probabilities over ln(classes), 0..1; null where the newest run has no prediction. */
  model: number | null;
}

/** Images where one of the two is split, the widest apart first; at most 24 are shown. */
export interface SplitImages {
  images: number;
  shown: AnsweredImage[];
}

/** How people answered, against how sure the model is. */
export interface AnswersReport {
  /** The newest run, whose model is compared; null before the first. */
  run: number | null;
  model: string | null;
  classes: number;
  /** Images that two people or more answered, and that no queue waits for. */
  images: number;
  /** Images that two people or more answered, but that need another answer. */
  open: number;
  /** Of `images`, those where an answer names no class: nothing to compare with the model. */
  withoutClass: number;
  /** Of the rest, those that the newest run has no prediction for. */
  withoutModel: number;
  weighting: {
    /** Images with weighted counts. */
    images: number;
    /** Why the others have none; null where all have. */
    why: string | null;
    /** By queue, then name: quality as the agreement of that queue states it; null where it is unknown. */
    reviewers: { queue: number | null; reviewer: string; quality: number | null }[];
  };
  /** Of the images with both entropies: means, null without any. */
  compared: { images: number; people: number | null; model: number | null };
  /** Spearman's, 95 %; null where one of the two never varies or there are fewer than 3 images, the interval under 10. */
  correlation: { rho: number; interval: [number, number] | null } | null;
  /** From this entropy on people, or the model, are split: two against one, over ln(classes). */
  splitAt: number;
  /** Of the compared images. */
  split: { people: SplitImages; model: SplitImages; both: number; neither: number };
  /** All images, or a random `most` of them, in the order of import. */
  shown: AnsweredImage[];
}

const Asked = z.object({ project: ProjectPath, by: Actor });

/**
 * Closed to who is still reviewing a blind queue or one with gold items, and without an image that several people answered
 * or a second class (`NOT_READY`).
 */
export const answers = {
  /** `most`: images of `shown`; null for all. */
  show: oc
    .input(Asked.extend({ most: z.int().nonnegative().nullable().default(MOST_POINTS) }))
    .output(type<AnswersReport>()),
  /** One row for each image and answer, CSV by RFC 4180. */
  table: oc.input(Asked).output(type<string>()),
};

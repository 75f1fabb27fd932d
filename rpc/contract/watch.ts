import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Alarm, Drift, KindOfImage, MeasureInfo, Measured, Picture } from './reports.ts';
import type { Rounds } from './rounds.ts';
import { ProjectPath, Seed } from './terms.ts';

/** One synthetic batch on the curves. */
export interface WatchPoint {
  batch: string;
  generation: number | null;
  generator: string | null;
  images: number;
  /** Images in each draw; null if the batch is not measured. */
  sample: number | null;
  /** In the order of `measures` of the whole; empty if the batch is not measured. */
  values: Pick<Measured, 'value' | 'band' | 'outside'>[];
  /** Why it is not measured. */
  why: string | null;
  /** Compared with the previous batch. */
  drift: Drift | null;
  alarm: Alarm | null;
  /** Decisions on its images: the next generation is made from those that people keep. */
  accepted: number;
  rejected: number;
  /** Share of the decided images that people keep; null without decisions. */
  kept: number | null;
  /** Real images not rejected, and remaining synthetic ones, up to and including this batch; share of the real ones. */
  mix: { real: number; synthetic: number; share: number | null };
}

/** Accuracy of a run's label model on the labelled hold-out images, which are never trained on. */
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

/** Where the watch over the batches stands, by what was measured. */
export interface WatchStanding {
  batches: number;
  /** Those measured as they are now. */
  measured: number;
  /** The others, but for those of too few images. */
  unmeasured: string[];
  /** The alarm that stands: the batch that raised it, and the measures that lie lower than before the fall. */
  alarm: { since: string; measures: string[] } | null;
  /** The same in a sentence or two. */
  sentence: string;
}

/** Every synthetic batch beside the others, by generation if all have one, else in import order; and the rounds. */
export interface WatchReport {
  run: number;
  seed: number;
  model: string;
  standing: WatchStanding;
  measures: MeasureInfo[];
  points: WatchPoint[];
  /** Every run with predictions for labelled hold-out images, the oldest first. */
  holdout: HoldoutQuality[];
  rounds: Rounds;
  /** Of the newest batch that is measured; null where none is. */
  newest: {
    batch: string;
    /**
     * Real images that no generated one is near, though in an earlier batch there was one; of the first batch all that
     * none is near. At most 24 of `images` are shown, those of rare kinds first.
     */
    vanishing: {
      images: number;
      rare: number;
      of: number;
      shown: (Picture & { label: string | null; isRare: boolean })[];
    };
    /** Kinds of which it has more than real images explain, those with the most first. */
    frequent: KindOfImage[];
  } | null;
}

/** Measures every synthetic batch that is not measured yet. */
export const WatchInput = z.object({ project: ProjectPath, seed: Seed });

export const watch = {
  /** The same by what was measured; nothing is measured for it. Throws `NOT_READY` without a run or a synthetic batch. */
  show: oc.input(WatchInput).output(type<WatchReport>()),
};

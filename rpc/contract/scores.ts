import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, DEVICE_NAMES, ProjectPath, type Role, Seed } from './terms.ts';

/** What a score says of itself. */
export interface ScoreInfo {
  id: string;
  title: string;
  suspect: 'high' | 'low';
  range: [number, number];
  unit: string;
  needs: string[];
  meaning: string;
  source: string;
  threshold: number | null;
}

export interface RunSummary {
  run: number;
  images: number;
  model: string;
  /** The device that really ran. */
  device: string;
  /** Why it is not the one asked for, and what could not be computed. */
  notes: string[];
  labelModel: Record<string, string | number> | null;
  flags: Record<string, number>;
  /** sha256 over every derived row; equal for equal input, model and parameters on the CPU. */
  digest: string;
}

/** Everything that one run says of one image. */
export interface ImageScores {
  sha256: string;
  path: string;
  batch: string;
  givenLabel: string | null;
  predicted: { label: string; probability: number } | null;
  scores: Record<string, number>;
}

/** What the newest run's probabilities say of the labels of one role, by confident learning. Rates are 0..1. */
export interface LabelReport {
  role: Role;
  /** Labelled images that it is made from, and how many there are: fewer were sampled where there are very many. */
  images: number;
  of: number;
  classes: {
    name: string;
    given: number;
    /** Estimated share of images that truly are of the class. */
    trueShare: number;
    /** Mean probability of the class over the images given it; null where there are none. */
    threshold: number | null;
    /** Of the images given the class and counted confidently, the share counted as another one; with its 95 % interval. */
    noise: number | null;
    noiseInterval: [number, number] | null;
  }[];
  /** Images by given class (row) and confidently likely class (column), in the order of `classes`. */
  confusion: number[][];
  /** Images that are not confidently of any class. */
  uncounted: number;
  /**
   * Images by given and most probable class, `[given, predicted, images]`, of all labelled ones and without empty
   * cells: what a filter on both finds. Null in runs of before it was counted.
   */
  predicted: [given: number, predicted: number, images: number][] | null;
  /** Estimated share of wrong labels; too high where the model is weak. */
  wrongShare: number;
  /** Labels that each filter would call wrong. */
  issues: Record<string, number>;
}

/** How many of some images a threshold keeps. */
export interface Kept {
  kept: number;
  of: number;
}

/** What one class's threshold on `class-margin` does. */
export interface ClassAlignment {
  name: string;
  /** Texts that stood for the class; empty where its real images did. */
  prompts: string[];
  /** Margins below it are cut; null where there are too few real images for any. */
  threshold: number | null;
  /** Whether it is that of all classes together: this one has fewer than 5 real images. */
  pooled: boolean;
  batch: Kept;
  /** Labelled images that ought to be kept: the real seed, the hold-out, and what reviewers accepted. */
  seed: Kept;
  holdout: Kept;
  accepted: Kept;
  /** Images that reviewers gave another label or rejected. */
  wrong: Kept;
  /** Share of the real images near a generated one, before and after the cut; null where there are too few. */
  coverage: { before: number; after: number } | null;
  /** Share of the real images among the generated ones, as far as those reach, before and after. */
  recall: { before: number; after: number } | null;
}

/** How images agree with what stands for their classes, and what filtering by it would cost. */
export interface AlignmentReport {
  run: number;
  model: string;
  anchor: 'prompts' | 'centroids';
  /** Synthetic batch that was cut; null for all of them. */
  batch: string | null;
  percentile: number;
  classes: ClassAlignment[];
  total: Omit<ClassAlignment, 'name' | 'prompts' | 'threshold' | 'pooled'>;
  /** Share of the good images that would be lost, by the best evidence there is. */
  loss: { share: number; of: number; evidence: 'accepted' | 'holdout' | 'seed' } | null;
  notes: string[];
}

const Prompt = z.string().trim().min(1).max(1000);

export const ScoreInput = z.object({
  project: ProjectPath,
  by: Actor,
  model: z.string().nullable().default(null),
  classifier: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
  /** Sentences with `{class}` in them, for an embedder that reads; "A photo depicts {class}" where none are given. */
  promptTemplates: z.array(Prompt).max(1000).optional(),
  /** Texts for single classes, in place of the templates. */
  prompts: z
    .array(z.object({ label: z.string(), prompt: Prompt }))
    .max(100_000)
    .optional(),
  seed: Seed,
});

export const scores = {
  list: oc.output(type<ScoreInfo[]>()),
  /** The newest run's values for one image, by hash or unambiguous start of it. */
  ofImage: oc
    .input(z.object({ project: ProjectPath, sha256: z.string().min(8) }))
    .output(type<ImageScores>()),
  /** Thresholds on `class-margin` from the real images of each class, and what they would cut, in the newest run. */
  alignment: oc
    .input(
      z.object({
        project: ProjectPath,
        batch: z.string().nullable().default(null),
        percentile: z.number().min(0).max(50).default(5),
      }),
    )
    .output(type<AlignmentReport>()),
  /** Reports on the labels of the newest run, one for each role that has labelled images. */
  labels: oc.input(z.object({ project: ProjectPath })).output(type<LabelReport[]>()),
};

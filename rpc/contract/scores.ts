import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { CalibrationBin, ModelQuality } from './label-model.ts';
import type { ObjectsJudged } from './objects.ts';
import type { Rehearsal } from './rehearsal.ts';
import { Actor, DEVICE_NAMES, ProjectPath, type Role, Seed } from './terms.ts';

/** The questions that scores help to answer, in the order in which people see them. */
export const SCORE_GROUPS = {
  label: 'Is the label right?',
  picture: 'Is the picture sound?',
  novelty: 'Is it unlike the others?',
  copy: 'Is it a copy?',
  model: 'Is the label model sure?',
  words: 'Does it fit its words?',
} as const;
export type ScoreGroup = keyof typeof SCORE_GROUPS;

/** Description of a score. */
export interface ScoreInfo {
  id: string;
  title: string;
  group: ScoreGroup;
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
  /** The device that was used. */
  device: string;
  /** Why it is not the requested one, and what could not be computed. */
  notes: string[];
  labelModel: Record<string, string | number> | null;
  /** Null where nothing could be rehearsed. */
  rehearsal: Rehearsal | null;
  /** Null where no objects were judged. */
  objects: ObjectsJudged | null;
  flags: Record<string, number>;
  /** sha256 over every derived row; equal for equal input, model and parameters on the CPU. */
  digest: string;
}

/** What came of embedding a project with another model. */
export interface EmbedSummary {
  /** Name and version of the model that the project works with now. */
  model: string;
  /** Images of the project, all of them embedded; `embedded` of them just now. */
  images: number;
  embedded: number;
  /** Whether the project worked with another model before. */
  isNew: boolean;
  /** The device that was used. */
  device: string;
  /** Why it is not the requested one. */
  notes: string[];
}

/** All results of one run for one image. */
export interface ImageScores {
  sha256: string;
  path: string;
  batch: string;
  givenLabel: string | null;
  predicted: { label: string; probability: number } | null;
  scores: Record<string, number>;
}

/** How many labels of a class are wrong. Rates are 0..1. */
export interface WrongShare {
  /** Mean label risk of its images. */
  share: number;
  /** What the share may be; null where that cannot be told. */
  interval: [number, number] | null;
  /**
   * Why it cannot: the label model does not know the class among the real images (`weak`), or the images of the class
   * are unlike its real ones as a whole, or are mislabelled as a whole (`shifted`).
   */
  untold: 'weak' | 'shifted' | null;
}

/** Why a share is not told, for people. */
export const UNTOLD_WORDS = {
  weak: 'cannot be told: the label model takes many real images of this class for another',
  shifted:
    'cannot be told: as a whole these images look unlike the real ones of this class, or have another label',
} as const satisfies Record<NonNullable<WrongShare['untold']>, string>;

/** Ways to call labels wrong, by the names that cleanlab gives them. */
export const FILTER_WORDS: Record<string, { title: string; meaning: string }> = {
  prune_by_noise_rate: {
    title: 'By pair of classes',
    meaning: 'as many per pair of classes as the estimate says, the surest first',
  },
  prune_by_class: {
    title: 'By class',
    meaning: 'as many per class as the estimate says, the least likely labels first',
  },
  both: { title: 'By pair and by class', meaning: 'those on which the two above agree' },
  confident_learning: {
    title: 'Confidently another class',
    meaning: 'those that the model confidently counts as another class',
  },
  low_self_confidence: {
    title: 'Least likely label',
    meaning: 'the same number, by the lowest probability of the given label',
  },
  low_normalized_margin: {
    title: 'Largest lead',
    meaning: 'the same number, by the largest lead of another class',
  },
  predicted_neq_given: {
    title: 'Any other label',
    meaning: 'every label that the model would not have given: the widest net',
  },
};

/** What a run says of the labels of one role, by confident learning and by label risk. Rates are 0..1. */
export interface LabelReport {
  role: Role;
  /** Labelled images used, and their total; very many are sampled. */
  images: number;
  of: number;
  classes: {
    name: string;
    given: number;
    /** Estimated share of images that truly are of the class. */
    trueShare: number;
    /** Mean probability of the class over the images given it; null without any. */
    threshold: number | null;
    /** Share of the confidently counted images of the class that count as another one. */
    noise: number | null;
    /** Null without label risk, and in runs of earlier versions. */
    wrong: WrongShare | null;
  }[];
  /** Images by given class (row) and confidently likely class (column), in the order of `classes`. */
  confusion: number[][];
  /** Images not confidently of any class. */
  uncounted: number;
  /**
   * Labelled images by given and most probable class, `[given, predicted, images]`, without empty cells: the same images
   * as a filter on both finds. Null in runs of earlier versions.
   */
  predicted: [given: number, predicted: number, images: number][] | null;
  /** Labelled images by the model's highest probability; absent in runs of earlier versions. */
  calibration?: CalibrationBin[];
  /** Mean label risk: the share of wrong labels; null without label risk, and in runs of earlier versions. */
  risk: number | null;
  /** The same by confident learning; too high if the model is weak, or the images differ from the real ones. */
  wrongShare: number;
  /** Labels that each filter would call wrong. */
  issues: Record<string, number>;
}

/** How many of some images a threshold keeps. */
export interface Kept {
  kept: number;
  of: number;
}

/** Effect of one class's threshold on `class-margin`. */
export interface ClassAlignment {
  name: string;
  /** Prompts that represented the class; empty if its real images did. */
  prompts: string[];
  /** Margins below it are cut; null with too few real images. */
  threshold: number | null;
  /** Whether it is the common threshold of all classes, because this one has fewer than 5 real images. */
  pooled: boolean;
  batch: Kept;
  /** Labelled images that should be kept: the real seed, the hold-out, and those that reviewers accepted. */
  seed: Kept;
  holdout: Kept;
  accepted: Kept;
  /** Images that reviewers gave another label or rejected. */
  wrong: Kept;
  /** Share of the real images near a generated one, before and after the cut; null with too few. */
  coverage: { before: number; after: number } | null;
  /** Share of the real images within reach of the generated ones, before and after. */
  recall: { before: number; after: number } | null;
}

/** How well images fit their classes' anchors, and the cost of filtering by it. */
export interface AlignmentReport {
  run: number;
  model: string;
  anchor: 'prompts' | 'centroids';
  /** Synthetic batch that was cut; null for all of them. */
  batch: string | null;
  percentile: number;
  classes: ClassAlignment[];
  total: Omit<ClassAlignment, 'name' | 'prompts' | 'threshold' | 'pooled'>;
  /** Share of the good images that would be lost, by the best available evidence. */
  loss: { share: number; of: number; evidence: 'accepted' | 'holdout' | 'seed' } | null;
  notes: string[];
}

const Prompt = z.string().trim().min(1).max(1000);

export const EmbedInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Embedder pack by id or folder. */
  model: z.string().min(1),
  device: z.enum(DEVICE_NAMES).default('auto'),
});

export const ScoreInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Embedder pack by id or folder; the one that the project works with by default. */
  model: z.string().nullable().default(null),
  classifier: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
  /** Sentences with `{class}`, for an embedder with a text tower; "A photo depicts {class}" by default. */
  promptTemplates: z.array(Prompt).max(1000).optional(),
  /** Prompts for single classes, replacing the templates. */
  prompts: z
    .array(z.object({ label: z.string(), prompt: Prompt }))
    .max(100_000)
    .optional(),
  seed: Seed,
});

export const scores = {
  /** Group by group, those that the queue ranks by first. */
  list: oc.output(type<ScoreInfo[]>()),
  /** The newest run's values for one image, by hash or an unambiguous prefix. */
  ofImage: oc
    .input(z.object({ project: ProjectPath, sha256: z.string().min(8) }))
    .output(type<ImageScores>()),
  /** Thresholds on `class-margin` from each class's real images, and their effect in the newest run. */
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
  /** How good the newest run's label model is: on the hold-out first, then out of fold on the real images. */
  labelModel: oc.input(z.object({ project: ProjectPath })).output(type<ModelQuality[]>()),
};

import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
import { Actor, DEVICE_NAMES, ProjectPath, type Role } from './terms.ts';

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
  /** Estimated share of wrong labels; too high where the model is weak. */
  wrongShare: number;
  /** Labels that each filter would call wrong. */
  issues: Record<string, number>;
}

export const ScoreInput = z.object({
  project: ProjectPath,
  by: Actor,
  model: z.string().nullable().default(null),
  classifier: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
  seed: z.int().nonnegative().default(1),
});

export const scores = {
  list: oc.output(type<ScoreInfo[]>()),
  run: oc.input(ScoreInput).output(eventIterator(type<Progress>(), type<RunSummary>())),
  /** The newest run's values for one image, by hash or unambiguous start of it. */
  ofImage: oc
    .input(z.object({ project: ProjectPath, sha256: z.string().min(8) }))
    .output(type<ImageScores>()),
  /** Reports on the labels of the newest run, one for each role that has labelled images. */
  labels: oc.input(z.object({ project: ProjectPath })).output(type<LabelReport[]>()),
};

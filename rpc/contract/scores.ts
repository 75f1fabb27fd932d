import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
import { Actor, DEVICE_NAMES, ProjectPath } from './terms.ts';

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

export const scores = {
  list: oc.output(type<ScoreInfo[]>()),
  run: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        model: z.string().nullable().default(null),
        classifier: z.string().nullable().default(null),
        device: z.enum(DEVICE_NAMES).default('auto'),
        seed: z.int().nonnegative().default(1),
      }),
    )
    .output(eventIterator(type<Progress>(), type<RunSummary>())),
  /** The newest run's values for one image, by hash or unambiguous start of it. */
  ofImage: oc
    .input(z.object({ project: ProjectPath, sha256: z.string().min(8) }))
    .output(type<ImageScores>()),
};

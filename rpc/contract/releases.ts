import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Basis } from './counts.ts';
import { Actor, ProjectPath, RoleSchema, SETTLING_RULES, type PairCertainty } from './terms.ts';

/** Kinds of images that a release leaves out unless asked; a near-duplicate only if a person called it a copy. */
export const WITHHELD = ['rejected', ...SETTLING_RULES, 'near-duplicate'] as const;
export type Withheld = (typeof WITHHELD)[number];
export type LeftOut = Withheld | 'undecided' | 'other-role' | 'untagged';

interface Holdout {
  images: number;
  split: string;
}

export interface ReleaseSummary {
  folder: string;
  format: string;
  images: number;
  origins: Record<'given' | 'accepted' | 'relabelled', number>;
  /** On whose word its images carry their labels. */
  basis: Record<Basis, number>;
  leftOut: Partial<Record<LeftOut, number>>;
  /** Hold-out images in it, and the split that they are kept apart in; null without any. */
  holdout: Holdout | null;
  /** What the release does not carry or changes, in sentences with counts. */
  loses: string[];
  /** What readers make of some of its files, in sentences with counts: known once the bytes are copied. */
  warnings: string[];
  manifestSha256: string;
}

export const ReleaseInput = z.object({
  project: ProjectPath,
  by: Actor,
  format: z.string(),
  /** Folder to create, absolute. */
  to: z.string().min(1),
  roles: z.array(RoleSchema).min(1).default(['real', 'synthetic']),
  /** Whether to include synthetic images without a decision: always an explicit choice. */
  undecided: z.enum(['in', 'out']),
  include: z.array(z.enum(WITHHELD)).default([]),
  /** Only images that have this tag: those to be drawn anew, say. */
  tag: z.string().nullable().default(null),
  licence: z.string().default('unspecified'),
});

/** Exactly what a release would contain and leave out. Nothing is written. */
export interface ReleasePreview {
  images: number;
  origins: ReleaseSummary['origins'];
  basis: ReleaseSummary['basis'];
  classes: { name: string | null; images: number }[];
  realShare: number | null;
  /** Whether any image in it was looked at for boxes. */
  hasBoxes: boolean;
  /** Hold-out images in it, and the split that they are kept apart in; null without any. */
  holdout: Holdout | null;
  leftOut: {
    why: LeftOut;
    images: number;
    /** Of copies: how surely they show the same as what they are copies of. */
    certainties?: Partial<Record<PairCertainty, number>> | undefined;
    examples: { sha256: string; path: string; batch: string }[];
  }[];
  /** Its first files, with the names that the format gives them, if any. */
  examples: { sha256: string; path: string; label: string | null; origin: string }[];
  loses: string[];
  /** Why it cannot be written: the folder is not empty, an original is missing. */
  problems: string[];
}

export interface ReleaseInfo {
  id: number;
  at: string;
  by: string;
  format: string;
  folder: string;
  images: number;
  manifestSha256: string;
  options: string;
  seq: number;
}

export const releases = {
  preview: oc.input(ReleaseInput.omit({ by: true })).output(type<ReleasePreview>()),
  list: oc.input(z.object({ project: ProjectPath })).output(type<ReleaseInfo[]>()),
};

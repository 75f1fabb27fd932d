import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
import { Actor, ProjectPath, RoleSchema } from './terms.ts';

/** Kinds of images that a release leaves out unless asked. */
export const WITHHELD = ['rejected', 'holdout-leak', 'seed-copy', 'exact-duplicate'] as const;
export type Withheld = (typeof WITHHELD)[number];
export type LeftOut = Withheld | 'undecided' | 'other-role';

export interface ReleaseSummary {
  folder: string;
  format: string;
  images: number;
  origins: Record<'given' | 'accepted' | 'relabelled', number>;
  leftOut: Partial<Record<LeftOut, number>>;
  /** What the format cannot carry. */
  loses: string[];
  manifestSha256: string;
}

const ReleaseInput = z.object({
  project: ProjectPath,
  by: Actor,
  format: z.string(),
  /** Folder to be made, absolute. */
  to: z.string().min(1),
  roles: z.array(RoleSchema).min(1).default(['real', 'synthetic']),
  /** Whether synthetic images that nobody decided on are in: always a stated choice. */
  undecided: z.enum(['in', 'out']),
  include: z.array(z.enum(WITHHELD)).default([]),
  licence: z.string().default('unspecified'),
});

export const releases = {
  start: oc.input(ReleaseInput).output(eventIterator(type<Progress>(), type<ReleaseSummary>())),
};

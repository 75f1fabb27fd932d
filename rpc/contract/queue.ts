import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath, type Rule } from './terms.ts';

export const STRATA = ['suspect-label', 'uncertain', 'novel', 'damaged', 'audit'] as const;

export interface QueueSummary {
  queue: number;
  run: number;
  items: number;
  /** Things that could be looked at, near-duplicates counted once. */
  frame: number;
  /** Of these, what was not chosen by rank: the audit speaks for them. */
  rest: number;
  audited: number;
  strata: Record<string, number>;
  /** Kept out by rule. */
  flagged: number;
}

export interface QueueItem {
  rank: number;
  path: string;
  batch: string;
  sha256: string;
  givenLabel: string | null;
  stratum: string;
  reasons: string[];
  priority: number;
  inclusionProbability: number;
  /** Near-duplicates that it stands for. */
  group: { sha256: string; path: string }[];
  /** What was decided, if anything. */
  verdict: string | null;
}

/** One finding by rule: what, where, and why or a copy of what. */
export interface Flagged {
  rule: Rule | 'broken';
  batch: string;
  path: string;
  sha256: string | null;
  detail: string;
}

const Shares = z.partialRecord(z.enum(STRATA), z.number().min(0).max(1));

export const queue = {
  make: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        /** A share of the candidates, 5 to 10 % being usual, or a number of items. */
        budget: z.union([
          z.object({ share: z.number().gt(0).max(1) }),
          z.object({ items: z.int().positive() }),
        ]),
        roles: z
          .array(z.enum(['real', 'synthetic']))
          .min(1)
          .default(['synthetic']),
        seed: z.int().nonnegative().default(1),
        shares: Shares.default({}),
      }),
    )
    .output(type<QueueSummary>()),
  /** The newest queue in order, and apart from it what was flagged by rule. */
  show: oc
    .input(z.object({ project: ProjectPath }))
    .output(type<{ queue: number | null; items: QueueItem[]; flagged: Flagged[] }>()),
};

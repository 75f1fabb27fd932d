import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { ImageFilterSchema, type ImageFilter } from './images.ts';
import { Actor, ProjectPath, STRATA, type Finding } from './terms.ts';

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

export interface RerankSummary {
  queue: number;
  /** Decisions that the label risk has learnt from, and how many of them found a wrong label. */
  decisions: number;
  wrong: number;
  /** Items that were ranked again, and how many of them stand elsewhere now. */
  items: number;
  moved: number;
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
  rule: Finding;
  batch: string;
  path: string;
  sha256: string | null;
  detail: string;
}

const Shares = z.partialRecord(z.enum(STRATA), z.number().min(0).max(1));

/** How a queue is to be worked. */
const Rules = z.object({
  /** Independent answers that every item needs; those who disagree go to adjudication. */
  reviewers: z.int().min(1).max(3).default(1),
  /** Hides given label and prediction until the answer. */
  blind: z.boolean().default(false),
  /** Items with a known answer, mixed in unseen, as a share of what a reviewer is shown. */
  goldRate: z.number().min(0).max(0.5).default(0),
  /** Accuracy on them below which a reviewer's queue pauses. */
  goldThreshold: z.number().min(0).max(1).default(0.8),
});

export interface QueueInfo extends z.infer<typeof Rules> {
  id: number;
  at: string;
  by: string;
  run: number;
  items: number;
  /** Items with as many answers as they need, adjudicated where they differ. */
  done: number;
  conflicts: number;
  filter: ImageFilter | null;
}

/** A way to choose what would teach most, instead of looking for what is wrong. */
export interface SelectionInfo {
  id: string;
  title: string;
  meaning: string;
  source: string;
}

export const QueueInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** A share of the candidates, 5 to 10 % being usual, or a number of items. */
  budget: z.union([z.object({ share: z.number().gt(0).max(1) }), z.object({ items: z.int().positive() })]),
  roles: z
    .array(z.enum(['real', 'synthetic']))
    .min(1)
    .default(['synthetic']),
  seed: z.int().nonnegative().default(1),
  /** Name of the policy that fills it; `shares` and `method` change it for this queue. */
  policy: z.string().nullable().default(null),
  shares: Shares.default({}),
  /** Only images that a filter lets through; with `everything`, all of those, whatever their scores. */
  filter: ImageFilterSchema.nullable().default(null),
  everything: z.boolean().default(false),
  /** A selection method in place of the policy's strata; the audit keeps its share. */
  method: z.string().nullable().default(null),
  ...Rules.shape,
});

export const queue = {
  methods: oc.output(type<SelectionInfo[]>()),
  make: oc.input(QueueInput).output(type<QueueSummary>()),
  /**
   * Ranks what is left of the newest queue again, with all that decisions have taught the label risk: items by rank that
   * nobody has said anything of. Audit items and answered ones keep their places.
   */
  rerank: oc.input(z.object({ project: ProjectPath, by: Actor })).output(type<RerankSummary>()),
  /** Every queue, the newest first, with how far it is. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<QueueInfo[]>()),
  /** The newest queue in order, and apart from it what was flagged by rule. */
  show: oc
    .input(z.object({ project: ProjectPath }))
    .output(type<{ queue: number | null; items: QueueItem[]; flagged: Flagged[] }>()),
};

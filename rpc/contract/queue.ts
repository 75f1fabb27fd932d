import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { ImageFilterSchema, type ImageFilter } from './images.ts';
import type { Reason } from './reasons.ts';
import { Actor, ProjectPath, STRATA, type Finding, Seed } from './terms.ts';

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
  reasons: Reason[];
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

/** A share of the candidates, 5 to 10 % being usual, or a number of items. */
export const BudgetSchema = z.union([
  z.object({ share: z.number().gt(0).max(1) }),
  z.object({ items: z.int().positive() }),
]);
export type Budget = z.infer<typeof BudgetSchema>;

/** The share that is offered where nobody has said anything else. */
export const DEFAULT_SHARE = 0.08;

/** Items that a budget comes to; a share of the candidates is at least one, where there are any. */
export const itemsOf = (budget: Budget, candidates: number): number =>
  'items' in budget ? budget.items : Math.min(candidates, Math.max(1, Math.round(budget.share * candidates)));

/** The share that a number of items is of the candidates, 0..1. */
export const shareOf = (items: number, candidates: number): number =>
  candidates === 0 ? 0 : Math.min(1, items / candidates);

const Shares = z.partialRecord(z.enum(STRATA), z.number().min(0).max(1));

/** Accuracy on gold items below which a reviewer's queue pauses. */
export const DEFAULT_GOLD_THRESHOLD = 0.8;

/** How a queue is to be worked. */
const Rules = z.object({
  /** Independent answers that every item needs; those who disagree go to adjudication. */
  reviewers: z.int().min(1).max(3).default(1),
  /** Hides given label and prediction until the answer. */
  blind: z.boolean().default(false),
  /** Items with a known answer, mixed in unseen, as a share of what a reviewer is shown. */
  goldRate: z.number().min(0).max(0.5).default(0),
  /** Accuracy on them below which a reviewer's queue pauses. */
  goldThreshold: z.number().min(0).max(1).default(DEFAULT_GOLD_THRESHOLD),
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
  budget: BudgetSchema,
  roles: z
    .array(z.enum(['real', 'synthetic']))
    .min(1)
    .default(['synthetic']),
  seed: Seed,
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

/**
 * Ranks what is left of the newest queue again, with all that decisions have taught the label risk: items by rank that
 * nobody has said anything of. Audit items and answered ones keep their places.
 */
export const RerankInput = z.object({ project: ProjectPath, by: Actor });

export const queue = {
  methods: oc.output(type<SelectionInfo[]>()),
  /** Every queue, the newest first, with how far it is. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<QueueInfo[]>()),
  /** The newest queue in order, and apart from it what was flagged by rule. */
  show: oc
    .input(z.object({ project: ProjectPath }))
    .output(type<{ queue: number | null; items: QueueItem[]; flagged: Flagged[] }>()),
};

import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { counted, integer, percent } from '../format.ts';
import { ImageFilterSchema, type ImageFilter } from './images.ts';
import type { Reason } from './reasons.ts';
import type { Rehearsal } from './rehearsal.ts';
import { Actor, ENDS, ProjectPath, SHARES, type Certainty, type Finding, Seed } from './terms.ts';

/** What an audit can say at best, and the budget with which it would say that at most one in twenty is faulty. */
export interface AuditPromise {
  /** Images that nobody will have reviewed then. */
  unseen: number;
  /** At most this share of them is faulty, by all audits together, if every item of this one is sound. */
  atMost: number;
  /** Audit items, and the queue's items with the same share for the audit, for a bound of 5 %. */
  auditFor5: number;
  itemsFor5: number;
}

/** A queue that is still to be made: how large it and its audit would be, and what that would say. */
export interface QueueForecast {
  items: number;
  audited: number;
  /** By this audit alone; null without one. */
  promise: AuditPromise | null;
}

/** The same, and what the newest run expects to find; null where nothing could be rehearsed. */
export interface QueueOutlook extends QueueForecast {
  rehearsal: Rehearsal | null;
}

/** A queue that was filled. */
export interface QueueMade {
  queue: number;
  run: number;
  items: number;
  /** Things that could be reviewed, near-duplicates counted once. */
  frame: number;
  /** Those not chosen by rank, which the audit represents. */
  rest: number;
  audited: number;
  strata: Record<string, number>;
  /** Faults that the ranked items of each stratum should hold, by their chances; null where nothing was ranked by chance. */
  expected: Record<string, number> | null;
  /** Excluded by rule. */
  flagged: number;
}

export interface QueueSummary extends QueueMade {
  /** What the audit says of the rest if all of its items are sound; null without an audit. */
  promise: AuditPromise | null;
  /** Of the run that it was filled from; null where nothing could be rehearsed. */
  rehearsal: Rehearsal | null;
}

/** What the audit of a new queue will be worth; null without one. */
export function sentenceOfPromise({ promise, audited, items }: QueueForecast): string | null {
  if (!promise) return null;
  const sound = audited === 1 ? 'the one audit item is' : `all ${integer(audited)} audit items are`;
  const bound = `If ${sound} sound, at most ${percent(promise.atMost, 0)} of the other ${counted(promise.unseen, 'image')} are faulty (95 % confidence).`;
  return promise.itemsFor5 <= items
    ? bound
    : `${bound} A bound of 5 % takes an audit of ${integer(promise.auditFor5)} in a queue of ${integer(promise.itemsFor5)}, or a larger share for the audit.`;
}

/** When what is left of a queue is ranked again without being asked; the same for every queue of a project. */
export interface Reranking {
  /** Answers in the queue since it was last ranked; 0 for never. */
  after: number;
}

export interface RerankSummary {
  queue: number;
  /** The event; null where nobody asked and the answers do not call for it. */
  seq: number | null;
  /** Decisions that the label risk learnt from, and how many of them found a wrong label. */
  decisions: number;
  wrong: number;
  /** Reranked items, and how many of them moved. */
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
  /** Near-duplicates that it represents. */
  group: { sha256: string; path: string }[];
  /** The decision, if any. */
  verdict: string | null;
}

/** One finding by rule: the rule, the file, and the reason or the original. */
export interface Flagged {
  rule: Finding;
  batch: string;
  path: string;
  sha256: string | null;
  /** How surely it shows the same as the original; null for a broken file. */
  certainty: Certainty | null;
  detail: string;
}

/** A share of the candidates, usually 5 to 10 %, or a number of items. */
export const BudgetSchema = z.union([
  z.object({ share: z.number().gt(0).max(1) }),
  z.object({ items: z.int().positive() }),
]);
export type Budget = z.infer<typeof BudgetSchema>;

/** The default share. */
export const DEFAULT_SHARE = 0.08;

/** Returns the number of items for a budget; a share is at least one if there are candidates. */
export const itemsOf = (budget: Budget, candidates: number): number =>
  'items' in budget ? budget.items : Math.min(candidates, Math.max(1, Math.round(budget.share * candidates)));

/** Returns the share of the candidates for a number of items, 0..1. */
export const shareOf = (items: number, candidates: number): number =>
  candidates === 0 ? 0 : Math.min(1, items / candidates);

const Shares = z.partialRecord(z.enum(SHARES), z.number().min(0).max(1));

/** Accuracy on gold items below which a reviewer's queue pauses. */
export const DEFAULT_GOLD_THRESHOLD = 0.8;

/** How a queue is reviewed. */
const Rules = z.object({
  /** Independent answers that every item needs; those who disagree go to adjudication. */
  reviewers: z.int().min(1).max(3).default(1),
  /** Hides given label and prediction until the answer. */
  blind: z.boolean().default(false),
  /** Items with a known answer, mixed in unmarked, as a share of the items shown to a reviewer. */
  goldRate: z.number().min(0).max(0.5).default(0),
  /** Accuracy on them below which a reviewer's queue pauses. */
  goldThreshold: z.number().min(0).max(1).default(DEFAULT_GOLD_THRESHOLD),
  /** Whether reviewers may judge conflicts that their own answer is part of; the judgement says so. */
  ownConflicts: z.boolean().default(false),
  /** What items come to; a distribution takes two reviewers or more. */
  endsIn: z.enum(ENDS).default('label'),
});

const AssigneeSchema = z.object({
  reviewer: Actor,
  /** Answers that they are asked for; null for an equal share of what the queue needs. */
  answers: z.int().positive().nullable().default(null),
});
export type Assignee = z.infer<typeof AssigneeSchema>;

/** The longest name of a queue, and the longest instructions, with the images that they embed. */
const LONGEST = { name: 80, instructions: 3_000_000 } as const;

/** What people are told of a queue. */
const WordsSchema = z.object({
  name: z.string().trim().max(LONGEST.name).nullable(),
  /** Day by which it is to be answered, `2026-12-01`. */
  due: z.iso.date().nullable(),
  assignees: z.array(AssigneeSchema).max(50),
  /** Markdown; its images are of the project (`image:<hash>`) or embedded (`data:image/png;base64,…`). */
  instructions: z.string().max(LONGEST.instructions).nullable(),
});
export type QueueWords = z.infer<typeof WordsSchema>;
const WordsChange = WordsSchema.partial();
export type QueueWordsChange = z.infer<typeof WordsChange>;

/** What somebody was asked for in a queue and still owes, in answers. */
export interface Due {
  reviewer: string;
  asked: number;
  owes: number;
}

/** `Ada owes 120 of 200, Bob is done, due 2026-12-01`; empty where nobody is assigned and no day is set. */
export function dueWords({ dues, due }: Pick<QueueInfo, 'dues' | 'due'>): string {
  const people = dues.map(({ reviewer, asked, owes }) =>
    owes === 0 ? `${reviewer} owes nothing` : `${reviewer} owes ${integer(owes)} of ${integer(asked)}`,
  );
  return [...people, ...(due === null ? [] : [`due ${due}`])].join(', ');
}

/** `Batch 3, faces (queue 2)`, or `Queue 2`. */
export const queueTitle = ({ id, name }: Pick<QueueInfo, 'id' | 'name'>): string =>
  name === null ? `Queue ${id}` : `${name} (queue ${id})`;

export interface QueueInfo extends z.infer<typeof Rules> {
  id: number;
  at: string;
  by: string;
  run: number;
  items: number;
  /** Items with as many answers as they need; with gold items, answers by the answers that an item needs. */
  done: number;
  conflicts: number;
  /** Items that a specialist is asked about, and nobody has judged. */
  questions: number;
  filter: ImageFilter | null;
  name: string | null;
  due: string | null;
  dues: Due[];
  hasInstructions: boolean;
}

/** A way to choose the most instructive images instead of likely faults. */
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
  /** Name of the policy that fills it; `shares` and `method` override it for this queue. */
  policy: z.string().nullable().default(null),
  shares: Shares.default({}),
  /** Only images that pass a filter; with `everything`, all of those, whatever their scores. */
  filter: ImageFilterSchema.nullable().default(null),
  everything: z.boolean().default(false),
  /** A selection method that replaces the policy's strata; the audit keeps its share. */
  method: z.string().nullable().default(null),
  words: WordsChange.default({}),
  ...Rules.shape,
});

/**
 * Ranks what is left of a queue again by the label risk that decisions have trained: ranked items without any entry.
 * Audit items and answered ones keep their places.
 */
export const RerankInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** The newest for null. */
  queue: z.int().positive().nullable().default(null),
  /** As the core does it by itself: only if the answers call for it, and without the items that reviewers hold. */
  unasked: z.boolean().default(false),
});

/** Answers between two re-ranks can be set to at most this. */
export const MOST_ANSWERS = 10_000;

export const queue = {
  reranking: oc.input(z.object({ project: ProjectPath })).output(type<Reranking>()),
  setReranking: oc
    .input(z.object({ project: ProjectPath, by: Actor, after: z.int().min(0).max(MOST_ANSWERS) }))
    .output(type<Reranking>()),
  /** What people are told of a queue. */
  words: oc.input(z.object({ project: ProjectPath, queue: z.int().positive() })).output(type<QueueWords>()),
  /** Sets what is given, on record, and keeps the rest. */
  describe: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        queue: z.int().positive(),
        ...WordsChange.shape,
      }),
    )
    .output(type<QueueWords>()),
  methods: oc.output(type<SelectionInfo[]>()),
  /** What the audit of a queue of so many of the candidates would be worth. */
  forecast: oc
    .input(
      z.object({
        project: ProjectPath,
        candidates: z.int().nonnegative(),
        budget: BudgetSchema,
        policy: z.string().nullable().default(null),
      }),
    )
    .output(type<QueueOutlook>()),
  /**
   * Every queue with its progress, the newest first. Of a queue with gold items, conflicts and questions are told only to
   * a person who is named and not in the middle of it.
   */
  list: oc
    .input(z.object({ project: ProjectPath, by: Actor.nullable().default(null) }))
    .output(type<QueueInfo[]>()),
  /** The newest queue in order, and separately the findings by rule. */
  show: oc
    .input(z.object({ project: ProjectPath }))
    .output(type<{ queue: number | null; items: QueueItem[]; flagged: Flagged[] }>()),
};

import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { HistoryEntry, ImageDetail } from './images.ts';
import type { Reason } from './reasons.ts';
import { Actor, ImageHash, ProjectPath, VERDICTS, type Purpose, type Verdict } from './terms.ts';

/** A detection box as its source has it; `format` names what the four numbers are. */
const BoxSchema = z.strictObject({
  label: z.string().min(1),
  format: z.string(),
  values: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});
export type ReviewBox = z.infer<typeof BoxSchema>;

const Queue = z.int().positive();

/** Where decisions are made, as the client states it: the core checks it, records it, and guesses nothing. */
const ContextSchema = z.discriminatedUnion('kind', [
  /** Answers to items of a queue, each at its place in the reviewer's own order. */
  z.strictObject({ kind: z.literal('review'), queue: Queue }),
  /** Judgements between the reviewers of a queue. */
  z.strictObject({ kind: z.literal('conflict'), queue: Queue }),
  /** Images picked in Explore: they are settled, and no item is answered. */
  z.strictObject({ kind: z.literal('explore') }),
  /** The same from the command line. */
  z.strictObject({ kind: z.literal('command') }),
]);
export type DecisionContext = z.infer<typeof ContextSchema>;

/** What is said of every image of a view. */
const BulkAnswerSchema = z.strictObject({
  verdict: z.enum(['accept', 'relabel', 'reject']),
  label: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
});
export type BulkAnswer = z.infer<typeof BulkAnswerSchema>;

/** What a reviewer says of one image, bound to its hash. */
export const DecisionSchema = z.strictObject({
  sha256: ImageHash,
  verdict: z.enum(VERDICTS),
  label: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
  /** In the context `review`, and only there: the position of the item in the reviewer's order, from 0. */
  place: z.int().nonnegative().optional(),
  /** From painted to answered, idle time left out. */
  durationMs: z.int().nonnegative().optional(),
  /** With a relabel: all boxes of the image as they should be. */
  boxes: z.array(BoxSchema).optional(),
  /** Says the same of the near-duplicates that the item stands for. */
  spread: z.boolean().optional(),
  /** Asks a specialist to look, with `skip`. */
  flag: z.boolean().optional(),
});
export type DecisionInput = z.infer<typeof DecisionSchema>;

export interface DecisionResult {
  applied: number;
  /** The event that holds them. */
  seq: number;
}

/** A real image that shows what a class looks like. */
export interface Example {
  sha256: string;
  label: string;
  /** Cosine to the item, -1..1. */
  similarity: number;
}

/**
 * One item before a reviewer. In blind mode, and for gold items of it, `givenLabel`, `predicted`, `probabilities`,
 * `reasons` and `examples` say nothing until the answer. Nothing in it tells a gold or an audit item from another.
 */
export interface ReviewItem {
  /** Place in this reviewer's own order, from 0; the same after a reload. */
  position: number;
  sha256: string;
  width: number;
  height: number;
  format: string;
  givenLabel: string | null;
  predicted: { label: string; probability: number } | null;
  /** Every class, the most probable first. */
  probabilities: { label: string; probability: number }[];
  /** What speaks for a look at it; ranks are out of 100, so that no item tells what it was drawn from. */
  reasons: Reason[];
  /** Nearest real images of the given and of the predicted class. */
  examples: { given: Example[]; predicted: Example[] };
  metadata: ImageDetail['metadata'] | null;
  boxes: ReviewBox[];
  /** How many near-duplicates it stands for. */
  group: number;
  history: HistoryEntry[];
  /** Has the answers that it needs from others: nothing is asked of this reviewer, and it can be passed over. */
  settled?: boolean;
  /** What this reviewer said of it in this queue; null until then. */
  answer: { verdict: Exclude<Verdict, 'undo'>; label: string | null; reason: string | null } | null;
}

/** Where a reviewer stands in a queue. */
export interface ReviewSession {
  queue: number;
  classes: string[];
  blind: boolean;
  reviewers: number;
  /** Items in this reviewer's order, gold included. */
  total: number;
  /** Of these, answered by this reviewer, or in need of nothing more from them. */
  answered: number;
  /** First item that this reviewer has not seen, then the first skipped one; `total` when nothing is asked of them. */
  next: number;
  /** By everybody: answers given, of those wanted, and conflicts open. */
  team: { answers: number; wanted: number; conflicts: number };
  /** Null without gold items. Brought up to date every 20 answers only, and when paused, so that it tells no gold item. */
  gold: { seen: number; right: number; accuracy: number; threshold: number; paused: boolean } | null;
  medianMs: number | null;
  undoable: number;
}

/** Two or three who do not agree, side by side, or somebody who asks for a specialist. */
export interface Conflict {
  queue: number;
  sha256: string;
  width: number;
  height: number;
  givenLabel: string | null;
  answers: { reviewer: string; verdict: Verdict; label: string | null; reason: string | null; at: string }[];
  /** The most common answer, null on a tie. */
  majority: { verdict: Verdict; label: string | null } | null;
  predicted: { label: string; probability: number } | null;
  examples: Example[];
  /** What the answers and the model say together, with the chance that it is right (CROWDLAB); null where unknown. */
  suggestion: { label: string; quality: number } | null;
  adjudicated: { by: string; verdict: Verdict; label: string | null; at: string } | null;
  /** Who asks for a specialist. */
  flaggedBy?: string[];
}

/** An answer as agreement counts it: a class, or `reject`. */
export interface Agreement {
  items: number;
  /** Krippendorff's alpha for nominal data; null when nothing was answered twice. */
  alpha: number | null;
  pairs: {
    a: string;
    b: string;
    items: number;
    agreed: number;
    /** Cohen's kappa; null when undefined (one answer only). */
    kappa: number | null;
    /** Answers of `a` by row, of `b` by column, both in the order of `answers`. */
    answers: string[];
    confusion: number[][];
  }[];
  reviewers: {
    reviewer: string;
    answers: number;
    medianMs: number | null;
    gold: { seen: number; right: number; accuracy: number; paused: boolean } | null;
    /** Of the adjudicated items that they answered, how many stood. */
    upheld: { items: number; stood: number };
    /** How good the answers are, 0..1, by the other reviewers and the model (CROWDLAB); null where unknown. */
    quality: number | null;
  }[];
}

/** An item that another answer would say most about. */
export interface AskNext {
  sha256: string;
  /** Who answered it already. */
  answeredBy: string[];
  /** 0..1, low = worth an answer most (ActiveLab). */
  score: number;
  /** What is said of it now; null where nobody answered, and in a blind queue. */
  suggestion: { label: string; quality: number } | null;
}

/** One gold item as the record has it: for the QA lead, never for the reviewer. */
export interface GoldAnswer {
  reviewer: string;
  sha256: string;
  known: string;
  shown: string | null;
  answered: string;
  right: boolean;
  at: string;
}

const Reviewer = z.object({ project: ProjectPath, by: Actor });
const InQueue = Reviewer.extend({ queue: Queue.nullable().default(null) });

/** A whole view, which must still hold `expected` images, and what is said of every one of them. */
export const DecideViewInput = Reviewer.extend({
  view: z.string(),
  expected: z.int().positive(),
  ...BulkAnswerSchema.shape,
});

export const DecideInput = Reviewer.extend({ context: ContextSchema, decisions: z.array(DecisionSchema) });

export const UndoInput = Reviewer;

export interface UndoResult extends DecisionResult {
  /** The first image of the act that was taken back. */
  sha256: string;
  queue: number | null;
  /** A gold answer is reported as `review`: gold does not reveal itself. */
  purpose: Purpose;
  /** Where the image stands in the reviewer's order of that queue; null outside a queue. */
  position?: number | null;
}

export const reviews = {
  /** Records decisions as one act: all of them, or none and the line that is at fault. On disk when it returns. */
  decide: oc.input(DecideInput).output(type<DecisionResult>()),
  /** Takes back the reviewer's newest act, whole: one decision, or all of a bulk action. */
  undo: oc.input(Reviewer).output(type<UndoResult>()),
  session: oc.input(InQueue).output(type<ReviewSession>()),
  /** Where items of a queue stand in this reviewer's order; null for images that are none, gold among them. */
  places: oc
    .input(Reviewer.extend({ queue: Queue, images: z.array(ImageHash) }))
    .output(type<(number | null)[]>()),
  /** Items of this reviewer's order. */
  items: oc
    .input(InQueue.extend({ from: z.int().nonnegative(), count: z.int().positive().max(50).default(6) }))
    .output(type<ReviewItem[]>()),
  /** At most 200, in the queue's order; `session` and `queue.list` count them all. */
  conflicts: oc
    .input(InQueue.omit({ by: true }).extend({ open: z.boolean().default(true) }))
    .output(type<Conflict[]>()),
  agreement: oc.input(InQueue.omit({ by: true })).output(type<Agreement>()),
  /** Items of a queue that a further or a first answer would say most about, the most worth first. */
  askNext: oc
    .input(InQueue.omit({ by: true }).extend({ count: z.int().positive().max(1000).default(20) }))
    .output(type<AskNext[]>()),
  gold: oc.input(InQueue.omit({ by: true })).output(type<GoldAnswer[]>()),
  /** Lets a paused reviewer go on, by a named act of somebody. */
  resume: oc.input(Reviewer.extend({ queue: Queue, reviewer: Actor })).output(type<{ seq: number }>()),
};

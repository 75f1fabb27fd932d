import type { ObjectExamples, ObjectHint } from './objects.ts';
import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { HistoryEntry, ImageDetail } from './images.ts';
import type { Evidence } from './reasons.ts';
import {
  Actor,
  ImageHash,
  ProjectPath,
  VERDICTS,
  type End,
  type Purpose,
  type RejectReasonEntry,
  type ShownShape,
  type Verdict,
} from './terms.ts';

/**
 * A detection box as in its source; `format` names the four numbers. `of` is the box of the image that it was before it
 * was changed: the place among the given boxes, or among those of a decision. What is known of the object stays with it.
 */
const BoxSchema = z.strictObject({
  label: z.string().min(1),
  format: z.string(),
  values: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  of: z.strictObject({ decision: z.int().positive().nullable(), place: z.int().nonnegative() }).optional(),
  /** What is known of the object besides, where it was drawn anew: core/base/detail.ts. */
  detail: z.unknown().optional(),
});
/** A box that is shown: with the outline of its object, if there is one that fits it. */
export type ReviewBox = Omit<z.infer<typeof BoxSchema>, 'detail'> & {
  shape?: ShownShape;
  /** A region of a crowd, and no object. */
  crowd?: true;
};

const Queue = z.int().positive();

/** Where decisions are made, stated by the client: the core checks and records it, and guesses nothing. */
const ContextSchema = z.discriminatedUnion('kind', [
  /** Answers to items of a queue, each at its place in the reviewer's own order. */
  z.strictObject({
    kind: z.literal('review'),
    queue: Queue,
    /** The decisions are those on one grid, all of it. */
    grid: z.boolean().optional(),
  }),
  /** Adjudications between the reviewers of a queue. */
  z.strictObject({ kind: z.literal('conflict'), queue: Queue }),
  /** Images picked in Explore: this settles them and answers no item. */
  z.strictObject({ kind: z.literal('explore') }),
  /** The same from the command line. */
  z.strictObject({ kind: z.literal('command') }),
]);
export type DecisionContext = z.infer<typeof ContextSchema>;

/** The decision for every image of a view. */
const BulkAnswerSchema = z.strictObject({
  verdict: z.enum(['accept', 'relabel', 'reject']),
  label: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
});
export type BulkAnswer = z.infer<typeof BulkAnswerSchema>;

/** A reviewer's decision on one image, bound to its hash. */
export const DecisionSchema = z.strictObject({
  sha256: ImageHash,
  verdict: z.enum(VERDICTS),
  label: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
  /** Only in the context `review`: the position of the item in the reviewer's order, from 0. */
  place: z.int().nonnegative().optional(),
  /** Time from painted to answered, without idle time. */
  durationMs: z.int().nonnegative().optional(),
  /** With a relabel: all boxes of the image as they should be. */
  boxes: z.array(BoxSchema).optional(),
  /** Applies the decision to the near-duplicates that the item represents. */
  spread: z.boolean().optional(),
  /** What the reviewer adds in words; with `flag`, the question. */
  comment: z.string().trim().min(1).max(2000).optional(),
  /** Asks a specialist to look, with `skip`. */
  flag: z.boolean().optional(),
});
export type DecisionInput = z.infer<typeof DecisionSchema>;

export interface DecisionResult {
  applied: number;
  /** The event that holds them. */
  seq: number;
  /** Images of a view that were passed over, since releases leave them out as copies: somebody has to say first whether they are. */
  keptOut?: number;
}

/** An answer about the label, and how many people gave it. */
export interface LabelShare {
  /** Null where they rejected the image, or named no class. */
  label: string | null;
  rejected: boolean;
  annotators: number;
  /** Of all who answered, 0..1. */
  share: number;
}

/** A real image that shows what a class looks like. */
export interface Example {
  sha256: string;
  label: string;
  /** Cosine to the item, -1..1. */
  similarity: number;
}

/** What somebody said of an image, and has not taken back. */
interface StandingAnswer {
  verdict: Exclude<Verdict, 'undo'>;
  label: string | null;
  reason: string | null;
  /** A skip that asks a specialist. */
  flagged: boolean;
}

/** Of what an image is a copy; null before the answer in a blind queue, since the name of the other one may tell. */
interface KeptOut {
  /** `same picture as holdout/a/7.jpg, mirrored` */
  words: string | null;
}

/**
 * One item for a reviewer. In blind mode, `givenLabel`, `predicted`, `probabilities`, `reasons` and `examples` are empty
 * until the answer, for gold items too: `hidden` says so. Nothing in it reveals a gold or an audit item.
 */
export interface ReviewItem {
  /** Place in this reviewer's own order, from 0; the same after a reload. */
  position: number;
  sha256: string;
  width: number;
  height: number;
  format: string;
  /** What helps to judge it is there but not told before the answer: empty fields do not mean that there is none. */
  hidden: boolean;
  givenLabel: string | null;
  predicted: { label: string; probability: number } | null;
  /** Every class, the most probable first. */
  probabilities: { label: string; probability: number }[];
  /**
   * What is extreme about it, the rarest first; where nothing is, the most unusual thing. Ranks are out of 100, and no
   * item is without, so that none reveals how it was drawn.
   */
  reasons: Evidence[];
  /** Nearest real images of the given and the predicted class. */
  examples: { given: Example[]; predicted: Example[] };
  metadata: ImageDetail['metadata'] | null;
  /**
   * By name. Null where they are not told: never in a queue with gold items or several reviewers, whom they would tell
   * each other's opinion, and in a blind one not before the answer.
   */
  tags: string[] | null;
  /**
   * Why releases leave it out as a copy, found since the queue was filled; null where they do not. An answer that keeps it
   * (accept, relabel) is refused.
   */
  keptOut: KeptOut | null;
  boxes: ReviewBox[];
  /**
   * What the run says of the given objects, the most suspicious first. Empty once the boxes are a person's, and in a queue
   * with gold items, whose boxes are not always the given ones.
   */
  objects: ObjectHint[];
  /** Number of near-duplicates that it represents. */
  group: number;
  history: HistoryEntry[];
  /** Others have given the answers it needs: this reviewer can skip it. */
  settled?: boolean;
  /** This reviewer's answer in this queue, or null. */
  answer: StandingAnswer | null;
  /**
   * What everybody said in a queue that ends in distributions, the commonest first, once the item has its answers and this
   * reviewer's is among them; else null. `by` is empty in a blind queue. Null in a queue with gold items, which have none.
   */
  distribution: (LabelShare & { by: string[] })[] | null;
}

/**
 * Items after the one before a reviewer that a client may hold: a re-rank that nobody asked for leaves them where they
 * are.
 */
export const ITEMS_AHEAD = 26;

/** The fewest and the most items of a grid; the last ones of a class may be fewer. */
export const SMALLEST_GRID = 6;
export const LARGEST_GRID = 60;

/** What the items of a grid share: the class that they are shown with, or their first reason. */
const TogetherSchema = z.enum(['class', 'reason']);
export type Together = z.infer<typeof TogetherSchema>;

/** A reviewer's progress in a queue. */
export interface ReviewSession {
  queue: number;
  classes: string[];
  blind: boolean;
  reviewers: number;
  endsIn: End;
  /** Reviewers do not see each other's answers. */
  independent: boolean;
  /** How images were made and how many near-duplicates they have is never told, since gold items have neither. */
  checked: boolean;
  /** Items in this reviewer's order, including gold. */
  total: number;
  /** Those answered by this reviewer, or not needing their answer. */
  answered: number;
  /** First item that this reviewer has not seen, else the first skipped one; `total` if nothing is left. */
  next: number;
  /** Over all reviewers: answers given, answers needed, open conflicts, and questions to specialists. */
  team: { answers: number; wanted: number; conflicts: number; questions: number };
  /** Null without gold items. Updated only every 20 answers, and when paused, so that it reveals no gold item. */
  gold: { seen: number; right: number; accuracy: number; threshold: number; paused: boolean } | null;
  medianMs: number | null;
  undoable: number;
  /** The event that ranked the queue last: where it changes, items without an entry may stand elsewhere. */
  rankedSeq: number;
}

/** The answers of reviewers who disagree, or an item that a specialist is asked about: then it has `questions`. */
export interface Conflict {
  queue: number;
  sha256: string;
  width: number;
  height: number;
  /** The given label, the model's prediction and the suggestion are not told before the judgement. */
  hidden: boolean;
  givenLabel: string | null;
  answers: {
    reviewer: string;
    verdict: Verdict;
    label: string | null;
    reason: string | null;
    comment: string | null;
    at: string;
  }[];
  /** The most common answer, null on a tie. */
  majority: { verdict: Verdict; label: string | null } | null;
  predicted: { label: string; probability: number } | null;
  examples: Example[];
  /** Consensus of the answers and the model, with its probability of being right (CROWDLAB), or null. */
  suggestion: { label: string; quality: number } | null;
  adjudicated: {
    by: string;
    verdict: Verdict;
    label: string | null;
    comment: string | null;
    at: string;
  } | null;
  /** Who asks a specialist, and what. */
  questions: { reviewer: string; question: string | null; at: string }[];
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
    /** How many of their answers to adjudicated items were confirmed. */
    upheld: { items: number; stood: number };
    /** Quality of the answers, 0..1, by the other reviewers and the model (CROWDLAB), or null. */
    quality: number | null;
  }[];
}

/** An item for which another answer would be most informative. */
export interface AskNext {
  sha256: string;
  /** Who answered it already. */
  answeredBy: string[];
  /** 0..1, low = worth an answer most (ActiveLab). */
  score: number;
  /** Current consensus; null without answers, and in a blind queue. */
  suggestion: { label: string; quality: number } | null;
}

/** One gold item on record: for the QA lead, never for the reviewer. */
export interface GoldAnswer {
  reviewer: string;
  sha256: string;
  known: string;
  shown: string | null;
  answered: string;
  right: boolean;
  at: string;
  /** Taken back since: it stays on record, and does not count. */
  undone: boolean;
}

const Reviewer = z.object({ project: ProjectPath, by: Actor });
const InQueue = Reviewer.extend({ queue: Queue.nullable().default(null) });

/** A whole view, which must still hold `expected` images, and the decision for each of them. */
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
  /** A gold answer is reported as `review`, so that gold stays hidden. */
  purpose: Purpose;
  /** What was said of that image, and no longer holds. */
  was: StandingAnswer;
  /** Position of the image in the reviewer's order of that queue; null outside a queue. */
  position: number | null;
}

export const reviews = {
  /** Records decisions as one act: all of them, or none and an error naming the line. On disk when it returns. */
  decide: oc.input(DecideInput).output(type<DecisionResult>()),
  /** Takes back the reviewer's newest act, whole: one decision, or all of a bulk action. */
  undo: oc.input(Reviewer).output(type<UndoResult>()),
  session: oc.input(InQueue).output(type<ReviewSession>()),
  /** Positions of images in this reviewer's order of a queue; null for those that do not stand in it. */
  places: oc
    .input(Reviewer.extend({ queue: Queue, images: z.array(ImageHash) }))
    .output(type<(number | null)[]>()),
  /** Items of this reviewer's order. */
  items: oc
    .input(InQueue.extend({ from: z.int().nonnegative(), count: z.int().positive().max(50).default(6) }))
    .output(type<ReviewItem[]>()),
  /**
   * The next items to look at together: `count` at most, none of them answered or passed over. Items of the audit, and
   * others that cannot be told from those, are never among them. Empty where only single
   * items are left. `NOT_READY` for a blind queue.
   */
  grid: oc
    .input(
      InQueue.extend({
        count: z.int().min(SMALLEST_GRID).max(LARGEST_GRID),
        together: TogetherSchema.default('class'),
      }),
    )
    .output(type<ReviewItem[]>()),
  /** At most 200 of the kind asked for, in the queue's order; `session` and `queue.list` count them all. */
  conflicts: oc
    .input(
      InQueue.extend({
        open: z.boolean().default(true),
        kind: z.enum(['conflict', 'question', 'both']).default('both'),
      }),
    )
    .output(type<Conflict[]>()),
  /** Closed to who is still reviewing a queue with gold items (`NOT_READY`), as `gold`, `askNext` and `conflicts` are. */
  agreement: oc.input(InQueue).output(type<Agreement>()),
  /** The first images of one cell of a confusion table: those of which `a` said one thing and `b` another. */
  agreementImages: oc
    .input(
      InQueue.extend({
        a: z.string(),
        b: z.string(),
        saidA: z.string(),
        saidB: z.string(),
        count: z.int().positive().max(200).default(60),
      }),
    )
    .output(type<{ sha256: string; path: string }[]>()),
  /** Items of a queue for which a further or a first answer would be most informative, the best first. */
  askNext: oc
    .input(InQueue.extend({ count: z.int().positive().max(1000).default(20) }))
    .output(type<AskNext[]>()),
  gold: oc.input(InQueue).output(type<GoldAnswer[]>()),
  /** The reasons for a reject in this project, in the order of the digit keys. */
  rejectReasons: oc.input(z.object({ project: ProjectPath })).output(type<RejectReasonEntry[]>()),
  /** Sets them, on record. `other` is always among them. */
  setRejectReasons: oc
    .input(Reviewer.extend({ reasons: z.array(z.string().trim()) }))
    .output(type<RejectReasonEntry[]>()),
  /** Every class of the project, and whether reviewers may add some. */
  classes: oc
    .input(z.object({ project: ProjectPath }))
    .output(type<{ classes: string[]; newAllowed: boolean }>()),
  /** Lets reviewers add classes, or no longer; on record. */
  setNewClasses: oc
    .input(Reviewer.extend({ allowed: z.boolean() }))
    .output(type<{ classes: string[]; newAllowed: boolean }>()),
  /** Adds a class where the project allows it; the name as the project writes it. */
  addClass: oc.input(Reviewer.extend({ name: z.string().max(200) })).output(type<string>()),
  /** Real images of a class, none of them among the queue's gold items. */
  /** Of an object of an item: `object` is its place among the item's `objects`. */
  objectExamples: oc
    .input(InQueue.extend({ position: z.int().nonnegative(), object: z.int().nonnegative() }))
    .output(type<ObjectExamples>()),
  classExamples: oc
    .input(
      z.object({
        project: ProjectPath,
        queue: Queue,
        label: z.string(),
        count: z.int().min(1).max(10).default(3),
      }),
    )
    .output(type<string[]>()),
  /** Lets a paused reviewer continue; somebody else's act, on record. */
  resume: oc.input(Reviewer.extend({ queue: Queue, reviewer: Actor })).output(type<{ seq: number }>()),
};

import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, PICTURES, ProjectPath, type LeftWhy, type Pictures, type Verdict } from './terms.ts';

/** What the names of files of hand-outs, and of their answers, end in. */
export const HANDOUT_EXTENSION = '.assay-handout';
export const ANSWERS_EXTENSION = '.assay-answers';

const Handout = z.uuid();
/** The last day on which answers are taken, by the clock of the machine that makes it. */
const Day = z.iso.date();

export const HandoutInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** The newest one for null. */
  queue: z.int().positive().nullable().default(null),
  to: z.array(Actor).min(1).max(50),
  /** Share of the items that a second reviewer is asked about too, 0..1. */
  overlap: z.number().min(0).max(1).default(0),
  /** At most so many items for each; all that are open for null. */
  most: z.int().positive().nullable().default(null),
  pictures: z.enum(PICTURES).default('originals'),
  expires: Day.nullable().default(null),
  /** A hand-out that is recalled, and whose open items these are: the queue is its own. */
  instead: Handout.nullable().default(null),
  /** Folder that the files are written to; made where it is missing. */
  folder: z.string().min(1),
});

/** A hand-out that was written. */
export interface HandoutFile {
  handout: string;
  reviewer: string;
  file: string;
  bytes: number;
  items: number;
}
export interface HandoutSummary {
  queue: number;
  handouts: HandoutFile[];
  /** Items that two of the reviewers get. */
  overlapping: number;
  /** Open items that nobody got, since everybody named has as many as they may. */
  left: number;
}

export const CollectInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Answers files, folders that hold some, or folders of hand-outs. */
  files: z.array(z.string().min(1)).min(1).max(500),
});

interface SaidAnswer {
  reviewer: string;
  verdict: Verdict;
  label: string | null;
}

/** An answer that was not taken, with what holds instead. */
export interface LeftAnswer extends SaidAnswer {
  sha256: string;
  why: LeftWhy;
  /** When it was given, UTC. */
  at: string;
  /** Null where nothing holds. */
  held: SaidAnswer | null;
}

/** What came of one file. */
export interface CollectedFile {
  file: string;
  handout: string | null;
  reviewer: string | null;
  /** Entries that were taken now, and that were taken before. */
  taken: number;
  before: number;
  left: LeftAnswer[];
  /** Why nothing of it was taken, with the remedy; null where it was sound. */
  refused: string | null;
}
export interface CollectSummary {
  files: CollectedFile[];
}

/** Who has what, since when, how far. */
export interface HandoutState {
  handout: string;
  queue: number;
  reviewer: string;
  pictures: Pictures;
  at: string;
  by: string;
  expires: string | null;
  recalled: { at: string; by: string; reason: string | null } | null;
  items: number;
  /** Items with an answer that was taken. */
  answered: number;
  /** When answers came back last; null before the first. */
  cameBack: string | null;
  /** Answers on record that were not taken, all that ever came. */
  left: LeftAnswer[];
  /** The reviewer in the queue, all hand-outs together; null before an answer to a gold item. */
  gold: { seen: number; right: number; accuracy: number } | null;
  /** Share of the items that others answered too on which they say the same; null without any. */
  agreement: { items: number; alike: number } | null;
}

/** What an open project is a hand-out of. */
export interface HandoutOf {
  handout: string;
  project: string;
  queue: number;
  reviewer: string;
  pictures: Pictures;
  expires: string | null;
}

export const handouts = {
  /** Newest first. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<HandoutState[]>()),
  /** Answers given after this are not taken; the file stays as it is. Throws `NOT_READY` where it was recalled already. */
  recall: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        handout: Handout,
        reason: z.string().trim().min(1).max(500).optional(),
      }),
    )
    .output(type<HandoutState>()),
  /**
   * Unpacks the file of a hand-out beside it, where that was not done before. The folder of the project that it is. A
   * sealed one throws `NOT_ALLOWED` without the right password; `data.sealedFor` is whose that is.
   */
  open: oc
    .input(z.object({ file: z.string().min(1), password: z.string().optional() }))
    .output(type<{ project: string }>()),
  /** What a project is a hand-out of; null where it is none. */
  of: oc.input(z.object({ project: ProjectPath })).output(type<HandoutOf | null>()),
  /**
   * Writes the answers of a hand-out to a small file beside its folder, signed. `password`: of the reviewer, where the
   * project has accounts. Throws `NOT_READY` for a project that is no hand-out.
   */
  answers: oc
    .input(z.object({ project: ProjectPath, by: Actor, password: z.string().optional() }))
    .output(type<{ file: string; answered: number; items: number }>()),
};

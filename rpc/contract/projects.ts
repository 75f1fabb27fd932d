import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { CopyCounts } from './copies.ts';
import type { Counts } from './counts.ts';
import type { HandoutOf } from './handouts.ts';
import type { ClockJump } from './ledger.ts';
import type { MixInfo, MixPolicy, MixVerdict } from './mixes.ts';
import type { RoundInfo } from './rounds.ts';
import type { WatchStanding } from './watch.ts';
import { Actor, ProjectPath, type DuplicateRule, type Finding, type Role } from './terms.ts';

interface BatchStatus {
  name: string;
  role: Role;
  files: number;
  broken: number;
  generator: string | null;
  generation: number | null;
  parents: string[];
}

interface StratumStatus {
  stratum: string;
  items: number;
  decided: number;
  /** Relabelled or rejected. */
  changed: number;
}

/** What the audits of all queues say of the images that nobody has reviewed. Rates are 0..1. */
export interface Estimate {
  /** Unreviewed and audited images together. */
  population: number;
  sampled: number;
  /** Of the sampled: found wrong, and reviewed without an answer. */
  errors: number;
  unsure: number;
  /** The sampled, and the newest queue's audit items still open: until all are reviewed, the estimate is preliminary. */
  planned: number;
  rate: number | null;
  /** Bound on the wrong ones of the population; unsure answers count as errors. */
  rateUpper: number;
  countUpper: number;
  countInterval: [number, number];
  /** Images that nobody has reviewed, and an upper bound on the wrong ones among them. */
  unseen: number;
  unseenUpper: number;
  /** How many audits of these images are pooled, how many of them the bound is from, and its confidence. */
  looks: number;
  boundLooks: number;
  confidence: number;
  /** Of the unseen: ranked by an earlier queue, not answered, and not ranked by the newest. */
  returned: number;
  /** Open images that came after the newest audit was drawn: no audit speaks for them. */
  later: number;
  /** Audit items that are not pooled: of audits before most of the images came, and of queues limited to others. */
  earlier: number;
  apart: number;
}

/** Where the record of a project is not the one that is known. */
export interface RecordAlarm {
  /** What to do, and why, in two short sentences. */
  message: string;
  /** What is known and what is there, and the command that accepts it. */
  details: string;
}

export interface ProjectStatus {
  project: { name: string; folder: string; createdAt: string };
  batches: BatchStatus[];
  images: Record<Role, number>;
  counts: Counts;
  classes: string[];
  /** Embedder that imports and runs use where none is named; null where nothing says. */
  model: string | null;
  /** Real images as a share of the training images, and what the policy says of it. */
  realShare: { share: number | null; verdict: MixVerdict | 'unknown'; policy: MixPolicy };
  /** The newest training mix, and the newest training round. */
  mix: MixInfo | null;
  round: RoundInfo | null;
  /** Whether the generator collapses, as far as it was measured; null without synthetic batches. */
  watch: WatchStanding | null;
  run: {
    id: number;
    model: string;
    device: string;
    images: number;
    /** Searches large enough for an index, and the share of true neighbours that it finds. */
    searches: { of: string; images: number; recall: number }[];
  } | null;
  /** Images by the findings of the newest run that nobody overruled, and broken files. */
  flagged: Record<Finding, number>;
  /** Duplicate files by what they duplicate. */
  duplicates: Record<DuplicateRule, number>;
  /** Pairs by how surely they show the same, and by answer. */
  copies: CopyCounts;
  queue: { id: number; items: number; decided: number; strata: StratumStatus[] } | null;
  decisions: { accept: number; relabel: number; reject: number; entries: number };
  /** Null until an audit item is decided. */
  estimate: Estimate | null;
  /** The same in a sentence. */
  estimateText: string;
  events: number;
  /** Hash of the newest event: keep it elsewhere, and `verify --head` will notice a ledger that was cut short. */
  head: string;
  alarm: RecordAlarm | null;
  /** Where the clock was set back, as far as events say so themselves. */
  clockJumps: ClockJump[];
}

/** A signed statement of what the record of a project is now, to be kept elsewhere or given away. */
export interface SignedCheckpoint {
  /** A C2SP checkpoint: docs/ledger.md. */
  note: string;
  /** That it grew out of the earlier one that was given, as C2SP asks witnesses for it; null without one. */
  growth: string | null;
  /** The key that signed it, as C2SP writes keys. */
  key: string;
  events: number;
  head: string;
}

/** A project open in a window. */
export interface OpenProject {
  folder: string;
  name: string;
  /** Opaque, for the addresses of its pictures; new each time the core starts. Empty for whoever has to sign in first. */
  key: string;
  classes: string[];
  writable: boolean;
  /** Where it is not writable, why not and what to do: a sentence or two. */
  readOnly: string | null;
  /** Whether people sign in: see `people.access`. */
  accounts: boolean;
  /** What it is a hand-out of; null where it is none. */
  handout: HandoutOf | null;
  /** Where it is not writable because its record is not the one that is known: it was cut short, or written anew. */
  alarm: RecordAlarm | null;
}

export interface BatchOverview extends BatchStatus {
  images: number;
  flagged: Partial<Record<Finding, number>>;
  /** Its duplicate files, by what they duplicate. */
  duplicates: Partial<Record<DuplicateRule, number>>;
  queued: number;
  reviewed: number;
  changed: number;
  /** Counts of the newest run over 20 equal bins of the score's range in the project. */
  distributions: { score: string; min: number; max: number; counts: number[] }[];
}

/** An entry of the to-do list, most urgent first. */
export interface Attention {
  kind:
    | 'import-seed'
    | 'import-batch'
    | 'score'
    | 'make-queue'
    | 'review'
    | 'conflicts'
    | 'questions'
    | 'paused-reviewer'
    | 'leaks'
    | 'possible-copies'
    | 'real-copies'
    | 'accepted-copies'
    | 'broken'
    | 'mix'
    | 'below-floor'
    | 'collapse'
    | 'measure'
    | 'audit'
    | 'export';
  text: string;
  /** Number of things concerned. */
  count: number;
  /** The first pairs that it is about, each the image and what it may be a copy of, by their hashes. */
  pairs?: [image: string, other: string][];
}

export interface Overview {
  status: ProjectStatus;
  batches: BatchOverview[];
  attention: Attention[];
}

export const projects = {
  /** Opens for a window: for writing if possible, else for reading. Adds it to the recent projects. */
  open: oc.input(z.object({ project: ProjectPath })).output(type<OpenProject>()),
  overview: oc.input(z.object({ project: ProjectPath })).output(type<Overview>()),
  /** Makes a project. `model`: the embedder pack that it works with, by id or folder; the default one if null. */
  create: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        model: z.string().nullable().default(null),
        /** Its folder, and releases of it, keep the rights that the umask leaves to a group and to others. */
        shared: z.boolean().default(false),
      }),
    )
    .output(type<{ folder: string; name: string }>()),
  status: oc.input(z.object({ project: ProjectPath })).output(type<ProjectStatus>()),
  /**
   * Signs a checkpoint of the record as it is now, and keeps it for this user; in the project too where that may be
   * written. `since`: an earlier one, to prove that the record grew out of it.
   */
  checkpoint: oc
    .input(z.object({ project: ProjectPath, since: z.string().nullable().default(null) }))
    .output(type<SignedCheckpoint>()),
  /** Accepts a record that is not the one that is known, such as a restored backup. An event says so. */
  acceptRecord: oc.input(z.object({ project: ProjectPath, by: Actor })).output(type<void>()),
  /** Releases the project's files and its writer lock. */
  close: oc.input(z.object({ project: ProjectPath })).output(type<void>()),
};

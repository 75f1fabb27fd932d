import * as z from 'zod';
import { Actor, ProjectPath } from './terms.ts';

export interface VerifyReport {
  ok: boolean;
  /** The first difference, in words, or null. */
  difference: string | null;
  events: number;
  head: string;
  originals: number;
  runs: number;
  /** Every original that is missing or changed, and every thumbnail that is not of its image. */
  originalProblems: string[];
  /** Thumbnails that are as they were made, and images whose thumbnail is not. */
  thumbnails: number;
  otherThumbnails: string[];
  /** What no digest or comparison covers, in words. */
  notCovered: string[];
  /** Every checkpoint of the record that is known, and that the record leads to. */
  checkpoints: VerifiedCheckpoint[];
  /** Events recorded by a clock that had been set back. */
  clockJumps: ClockJump[];
  /** Signatures of people, all of which hold. */
  signatures: number;
  /** Releases that were found where they were written, and the folders of the others. */
  releases: number;
  releasesGone: string[];
  /** What of them is not as it was written. */
  releaseProblems: string[];
}

/** What was found of one release, without its project. */
export interface ReleaseReport {
  ok: boolean;
  /** Each as `file: what is wrong with it`. */
  problems: string[];
  /** Name of the project; null where there is no manifest. */
  project: string | null;
  images: number;
  files: number;
  manifestSha256: string;
  /** Number of its event in the record, and that event's hash; null without a proof. */
  events: number | null;
  head: string | null;
  /** Signatures of people that lie beside it and hold. Whose keys these are, the project shows. */
  signatures: {
    signer: string;
    name: string;
    meaning: string;
    comment?: string | undefined;
    time: string;
    local: string;
    publicKey: string;
  }[];
  /** The key that the manifest names, as one word, and whether it is this workstation's. */
  key: string | null;
  own: boolean;
}

export const DossierInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** File to write, absolute. */
  to: z.string().min(1),
});

export interface DossierSummary {
  file: string;
  bytes: number;
  sha256: string;
  events: number;
}

export const VerifyReleaseInput = z.object({
  /** Folder of the release, absolute. */
  release: z.string().min(1),
  /** The key that it has to be signed with, as one word. */
  key: z.string().nullable().default(null),
});

/** A checkpoint whose root is that of the record's events. */
export interface VerifiedCheckpoint {
  file: string;
  events: number;
  /** Whether this workstation signed it; another one's signature cannot be checked here. */
  own: boolean;
}

/** An event whose time is before that of the event in front of it. */
export interface ClockJump {
  seq: number;
  before: string;
  at: string;
}

export const VerifyInput = z.object({
  project: ProjectPath,
  /** Re-hash every original too. */
  originals: z.boolean().default(true),
  /** Re-hash the releases that are still where they were written. */
  releases: z.boolean().default(true),
  /** A head kept elsewhere. */
  head: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
});

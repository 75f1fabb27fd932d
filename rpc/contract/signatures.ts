import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { PersonId } from './people.ts';
import { Actor, ImageHash, ProjectPath, Sha256 } from './terms.ts';

/** What a signature says. `act` stands on the button, `meaning` beside the signature. */
export const MEANINGS = ['authorship', 'review', 'approval', 'responsibility'] as const;
export type Meaning = (typeof MEANINGS)[number];
export const MEANING_WORDS: Record<Meaning, { title: string; says: string }> = {
  authorship: { title: 'Authorship', says: 'I made this.' },
  review: { title: 'Review', says: 'I reviewed this.' },
  approval: { title: 'Approval', says: 'I approve this for use.' },
  responsibility: { title: 'Responsibility', says: 'I take responsibility for this.' },
};

/**
 * What can be signed, each in the version that stands: the standing decision on an image, all decisions of the project
 * as they stand, or a release.
 */
const RecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('decision'), image: ImageHash }),
  z.strictObject({ kind: z.literal('dataset') }),
  z.strictObject({ kind: z.literal('release'), release: z.int().positive() }),
]);
export type SignableRecord = z.output<typeof RecordSchema>;

export interface Signature {
  /** Number of its event. */
  seq: number;
  record: SignableRecord;
  /** Hash of the version that was signed, 64 hex digits, and the event that made it. */
  version: string;
  event: number;
  /** Whether that version still stands; an edit makes a new one, which is not signed. */
  stands: boolean;
  signer: string;
  /** Name as printed when it was signed. */
  name: string;
  meaning: Meaning;
  /** UTC, and the same moment with the signer's offset, ISO 8601. */
  at: string;
  local: string;
  /** What was added in words. */
  comment: string | null;
  /** The signer's public key, 64 hex digits, and the signature, 128. */
  publicKey: string;
  signature: string;
  /** Whether it holds: the key signed exactly this, and the chain leads to it. */
  holds: boolean;
}

/** A signature that was just made. */
export interface Signed extends Signature {
  /** Why it could not be written beside the release that it signs; null where it was, and for other records. */
  notBeside: string | null;
}

/** Decisions since the newest sign-off of the dataset, in groups that a person can look at. */
export interface SignOffGroup {
  verdict: 'accept' | 'relabel' | 'reject' | 'withdrawn';
  from: string | null;
  to: string | null;
  images: number;
  reviewers: string[];
  examples: string[];
}

export interface SignOff {
  /** Hash of the version that would be signed, and the event that made it. */
  version: string;
  seq: number;
  /** When the clock of this machine was set back since the last sign-off: asked about before a signature. */
  clockSetBack: { seq: number; before: string; at: string }[];
  decided: number;
  groups: SignOffGroup[];
  /** Conflicts and questions that are still open. */
  openConflicts: number;
  openQuestions: number;
  signatures: Signature[];
  /** Why each meaning cannot be signed by the caller; omitted where it can. */
  refused: Partial<Record<Meaning, string>>;
}

const InProject = z.object({ project: ProjectPath });

export const signatures = {
  list: oc.input(InProject).output(type<Signature[]>()),
  /** What a sign-off of the dataset would sign, as it stands. */
  preview: oc.input(InProject.extend({ by: Actor })).output(type<SignOff>()),
  /**
   * Signs one record. Takes both components again, id and password, whoever is signed in; `version` is the one that was
   * seen, and it is refused where another stands by now.
   */
  sign: oc
    .input(
      InProject.extend({
        by: Actor,
        id: PersonId,
        password: z.string().max(1024),
        record: RecordSchema,
        version: Sha256,
        meaning: z.enum(MEANINGS),
        comment: z.string().trim().min(1).max(1000).nullable().default(null),
        /** Said knowingly: the clock of this machine was set back. */
        despiteClock: z.boolean().default(false),
      }),
    )
    .output(type<Signed>()),
  /**
   * Writes the signatures on a release beside its manifest: in `folder`, or where it was written. For one that was moved,
   * or could not be written to, when it was signed.
   */
  writeBeside: oc
    .input(
      InProject.extend({
        by: Actor,
        release: z.int().positive(),
        folder: z.string().min(1).nullable().default(null),
      }),
    )
    .output(type<{ file: string }>()),
};

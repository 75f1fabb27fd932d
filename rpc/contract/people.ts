import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath, Sha256 } from './terms.ts';

/** What a person may be in a project; one may be several. `meaning` is what the role may do, in words for people. */
export const PERSON_ROLES = ['annotator', 'specialist', 'lead', 'administrator'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];
export const PERSON_ROLE_WORDS: Record<PersonRole, { title: string; meaning: string }> = {
  annotator: { title: 'Annotator', meaning: 'Reviews images.' },
  specialist: {
    title: 'Specialist',
    meaning: 'Reviews images, answers questions, judges conflicts, and signs.',
  },
  lead: {
    title: 'QA lead',
    meaning: 'Runs the pipeline: imports, scores, queues, releases. Reviews, judges and signs too.',
  },
  administrator: {
    title: 'Administrator',
    meaning: 'Invites people, resets their access, and takes it away. Decides nothing about images.',
  },
};

/**
 * Where a person stands. `invited`: has a code, and no password yet. `reset`: the same, after having had one.
 * `locked`: after too many wrong passwords.
 */
export type PersonState = 'invited' | 'active' | 'reset' | 'locked' | 'revoked';

/** What a call needs its caller to be allowed. */
export const PERMISSIONS = ['look', 'review', 'judge', 'manage', 'sign', 'administer'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Tasks that may ask for competence on record. */
export const GUARDED_TASKS = ['review', 'judge', 'sign'] as const;
export type GuardedTask = (typeof GUARDED_TASKS)[number];

/** The name that a person signs in with, and that the record knows them by. */
export const PersonId = z
  .string()
  .trim()
  .min(2)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@'-]*$/u, 'use letters, digits, blanks and . _ @ - only');
const PersonName = z.string().trim().min(2).max(120);
const Roles = z.array(z.enum(PERSON_ROLES)).min(1);
const Said = z.string().trim().min(3).max(500);
const Day = z.iso.date();
const Password = z.string().max(1024);

export interface Person {
  id: string;
  /** As it is printed beside signatures. */
  name: string;
  roles: PersonRole[];
  state: PersonState;
  /** How it was made sure that this is the person, and by whom. */
  identity: { how: string; by: string };
  /** Public key, 64 hex digits; null before enrolment and after it was taken away. */
  publicKey: string | null;
  /** Whether they may sign: not after a reset, until a second person approves it. */
  maySign: boolean;
  /** Wrong passwords since the last right one. */
  failures: number;
  /** Last sign-in; null before the first. */
  lastSignIn: string | null;
  /** What keeps them from each guarded task that their roles allow, as sentences; omitted where nothing does. */
  blocked: Partial<Record<GuardedTask, string>>;
}

/** The person whom this connection has signed in. */
export interface SignedIn {
  id: string;
  name: string;
  roles: PersonRole[];
  permissions: Permission[];
  /** For `attach`, on another connection to the same core. */
  token: string;
}

export interface Access {
  /** Whether the project has accounts; without, whoever has it open gives their name. */
  accounts: boolean;
  /** Who is signed in on this connection; null without. */
  signedIn: SignedIn | null;
  /** Whether somebody was, and is locked out by having been idle. */
  idle: { id: string } | null;
  idleMinutes: number;
  /** Alarms for those who can act on them: locked people, and wrong passwords in a row. */
  misuse: string[];
}

/** Something on record that shows what a person is able to do. */
export type Competence = {
  /** Number in the record. */
  id: number;
  person: string;
  at: string;
  by: string;
  /** Null while it counts; else why it was withdrawn. */
  withdrawn: string | null;
} & (
  | {
      kind: 'credential';
      /** What it is, such as `radiologist`. */
      credential: string;
      issuer: string;
      number: string;
      documentSha256: string | null;
      /** Last day on which it counts; null without an end. */
      validUntil: string | null;
    }
  | { kind: 'training'; guideline: string; score: number | null }
  | {
      kind: 'calibration';
      /** The queue whose gold items it was measured on. */
      queue: number;
      items: number;
      accuracy: number;
      /** Cohen's kappa against the known labels; null where chance alone agrees. */
      kappa: number | null;
    }
);

export interface Guideline {
  sha256: string;
  text: string;
  at: string;
  by: string;
  /** Number of its event. */
  seq: number;
}

const Requirement = z.strictObject({
  /** Trained on the guideline in force. */
  training: z.boolean().default(false),
  /** Least accuracy on gold items, 0..1, of the newest calibration; null asks for none. */
  calibration: z.number().min(0).max(1).nullable().default(null),
  /** Kinds of credential, each of which has to be there and in date. */
  credentials: z.array(z.string().trim().min(1).max(80)).default([]),
});
type Requirement = z.output<typeof Requirement>;
export const RequirementsSchema = z.strictObject({
  review: Requirement.prefault({}),
  judge: Requirement.prefault({}),
  sign: Requirement.prefault({}),
});
export type Requirements = z.output<typeof RequirementsSchema>;

const InProject = z.object({ project: ProjectPath });
const Act = InProject.extend({ by: Actor });
const OnPerson = Act.extend({ person: PersonId });

/** A code that is shown once, and until when it opens the account. */
export interface OneTimeCode {
  person: string;
  code: string;
  until: string;
}

export const people = {
  access: oc.input(InProject).output(type<Access>()),
  /** Everybody who ever had an account, and what is on record of them. */
  list: oc
    .input(InProject)
    .output(type<{ people: Person[]; competence: Competence[]; requirements: Requirements }>()),
  /**
   * Turns accounts on: from here on nobody acts without signing in. There is no way back. `id` becomes the first
   * administrator, signed in on this connection.
   */
  turnOn: oc
    .input(
      InProject.extend({
        id: PersonId,
        name: PersonName,
        roles: Roles.refine(
          (roles) => roles.includes('administrator'),
          'the first person is an administrator',
        ),
        identity: Said,
        password: Password,
        idleMinutes: z.int().min(1).max(240).default(15),
      }),
    )
    .output(type<SignedIn>()),
  signIn: oc.input(InProject.extend({ id: PersonId, password: Password })).output(type<SignedIn>()),
  /** Takes over what `signIn` gave on another connection, such as the one before it was lost. */
  attach: oc.input(InProject.extend({ token: z.string() })).output(type<SignedIn>()),
  signOut: oc.input(InProject).output(type<void>()),
  /** Says that the person is there: without this or an act for the idle time, they have to sign in again. */
  active: oc.input(InProject).output(type<void>()),
  /** Sets the first password with the code of an invitation or a reset. Signs in. */
  enrol: oc
    .input(InProject.extend({ id: PersonId, code: z.string().max(100), password: Password }))
    .output(type<SignedIn>()),
  changePassword: oc.input(Act.extend({ password: Password, newPassword: Password })).output(type<void>()),
  invite: oc
    .input(Act.extend({ id: PersonId, name: PersonName, roles: Roles, identity: Said }))
    .output(type<OneTimeCode>()),
  change: oc
    .input(OnPerson.extend({ name: PersonName.optional(), roles: Roles.optional() }))
    .output(type<Person>()),
  /** Takes password and key away and gives a new code. Signing waits for a second person's approval. */
  reset: oc.input(OnPerson.extend({ reason: Said })).output(type<OneTimeCode>()),
  /** Lets a person sign again after a reset: somebody else's act than the one who reset them, and than their own. */
  allowSigning: oc.input(OnPerson).output(type<Person>()),
  unlock: oc.input(OnPerson).output(type<Person>()),
  /** Takes access away for good; the id is never given again. */
  revoke: oc.input(OnPerson.extend({ reason: Said })).output(type<Person>()),

  addCredential: oc
    .input(
      OnPerson.extend({
        credential: z.string().trim().min(1).max(80),
        issuer: Said,
        number: z.string().trim().max(120),
        documentSha256: Sha256.nullable().default(null),
        validUntil: Day.nullable().default(null),
      }),
    )
    .output(type<{ seq: number }>()),
  addTraining: oc
    .input(OnPerson.extend({ guideline: Sha256, score: z.number().min(0).max(1).nullable().default(null) }))
    .output(type<{ seq: number }>()),
  /** Takes a person's answers to the gold items of a queue as their calibration. */
  addCalibration: oc
    .input(OnPerson.extend({ queue: z.int().positive() }))
    .output(type<{ seq: number; items: number; accuracy: number; kappa: number | null }>()),
  withdraw: oc
    .input(Act.extend({ competence: z.int().positive(), reason: Said }))
    .output(type<{ seq: number }>()),
  setRequirements: oc.input(Act.extend({ requirements: RequirementsSchema })).output(type<Requirements>()),
  /** Every guideline that was ever in force, newest first. */
  guidelines: oc.input(InProject).output(type<Guideline[]>()),
  publishGuideline: oc.input(Act.extend({ text: z.string().min(1).max(200_000) })).output(type<Guideline>()),
};

import { sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import type { EventRow } from '../../db/queries/events.ts';
import { ANSWERS_EXTENSION } from '../../rpc/contract/handouts.ts';
import { Sha256 } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { replaceFile } from '../base/replace-file.ts';
import { workstationKey } from '../base/workstation-key.ts';
import type { Store } from '../../db/store.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { EVENTS } from '../ledger/events.ts';
import { eventHash } from '../ledger/ledger.ts';
import { rawPublicKey } from '../ledger/signed-note.ts';
import { isSigned } from '../people/signatures.ts';
import { handoutOf } from '../project/handout-of.ts';
import { Project } from '../project/project.ts';

// The answers of a hand-out: what its record holds beyond what was handed out, event by event, and a signature over its
// newest hash, which the chain leads to. No pictures: it is small enough for a letter.

const LARGEST = 512 * 2 ** 20;

const EntrySchema = z.strictObject({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  zoneOffsetMinutes: z.int(),
  actor: z.string().min(1),
  app: z.string(),
  kind: z.string(),
  body: z.string(),
  previousHash: Sha256,
  hash: Sha256,
}) satisfies z.ZodType<EventRow>;

const AnswersSchema = z.strictObject({
  type: z.literal('assay-answers-1'),
  handout: z.uuid(),
  /** UUID of the project that it was made from. */
  project: z.uuid(),
  reviewer: z.string().min(1),
  /** Events of its record, and the hash of the last. */
  events: z.int().positive(),
  head: Sha256,
  publicKey: Sha256,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
  entries: z.array(EntrySchema),
});
export type Answers = z.output<typeof AnswersSchema>;

/** What the signature is over; docs/ledger.md describes it. */
const statementOf = ({
  type,
  handout,
  project,
  reviewer,
  events,
  head,
  publicKey,
}: Omit<Answers, 'signature' | 'entries'>) => ({
  type,
  handout,
  project,
  reviewer,
  events,
  head,
  publicKey,
});

/** The answers of an open hand-out as they are now, signed with a key. Throws `NOT_READY` where the project is none. */
function answersOf({ store, folder }: Project, key: KeyObject): Answers {
  const handout = handoutOf(store);
  if (!handout)
    throw new AssayError('NOT_READY', `${folder} is no hand-out: its answers are in it already.`, { folder });
  // The last event that was handed out (write-contents.ts).
  const made = store.events.next(0, 'handout.contents')!.seq;
  const last = store.events.last()!;
  const facts = {
    type: 'assay-answers-1' as const,
    handout: store.batches.project()!.uid,
    project: handout.project,
    reviewer: handout.reviewer,
    events: last.seq,
    head: last.hash,
    publicKey: rawPublicKey(key).toString('hex'),
  };
  const entries: EventRow[] = [];
  for (let seq = made + 1; seq <= last.seq; seq++) entries.push(store.events.at(seq)!);
  return {
    ...facts,
    signature: sign(null, Buffer.from(canonicalJson(statementOf(facts))), key).toString('hex'),
    entries,
  };
}

/** The first collected answers on record whose signature does not hold, in words; null where all do. */
export function verifyCollected(store: Store): string | null {
  const project = store.batches.project()!.uid;
  const accountsFrom = store.events.next(0, 'accounts.enabled')?.seq ?? Infinity;
  for (const { seq, body } of store.events.ofKind('answers.collected')) {
    const { signature, ...facts } = EVENTS['answers.collected'].parse(JSON.parse(body));
    const statement = statementOf({ type: 'assay-answers-1', project, ...facts });
    if (!isSigned(statement, { publicKey: facts.publicKey, signature }))
      return `answers of ${facts.reviewer} in event ${seq}: the key did not sign these answers`;
    if (seq > accountsFrom && store.people.keyAt(facts.reviewer, seq) !== facts.publicKey)
      return `answers of ${facts.reviewer} in event ${seq}: its key was not the reviewer’s at that time`;
  }
  return null;
}

/** Writes the answers of an open hand-out beside its folder. The file. */
export function writeAnswers(project: Project, key: KeyObject): string {
  const name = `${basename(project.folder, '.assay')}${ANSWERS_EXTENSION}`;
  const folder = dirname(project.folder);
  replaceFile(folder, name, `${JSON.stringify(answersOf(project, key))}\n`, true);
  return join(folder, name);
}

/**
 * Reads answers from their file, or from the folder of a hand-out without accounts, as it was left. Signature and chain
 * are checked; where they begin is not. Throws `NOT_FOUND` and `INVALID_INPUT` with what is wrong and what to do.
 */
export function readAnswers(path: string): Answers {
  if (!existsSync(path)) throw new AssayError('NOT_FOUND', `There is no file ${path}: look at its name.`);
  if (statSync(path).isDirectory() && existsSync(join(path, 'project.db'))) return readFolder(path);
  if (statSync(path).isDirectory())
    throw new AssayError(
      'NOT_FOUND',
      `There are no answers files (${ANSWERS_EXTENSION}) in the folder ${path}.`,
    );
  const refuse = (why: string): never => {
    throw new AssayError(
      'INVALID_INPUT',
      `${why}. Ask for the file again; the hand-out itself keeps every answer.`,
    );
  };
  if (statSync(path).size > LARGEST) refuse('It is larger than any answers can be');
  let answers: Answers;
  try {
    answers = AnswersSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return refuse('It holds no answers of a hand-out: it is damaged, cut short, or something else');
  }
  const problem = problemOf(answers);
  return problem === null ? answers : refuse(problem);
}

function readFolder(path: string): Answers {
  const project = Project.open(path, 'read');
  try {
    if (project.store.people.access())
      throw new AssayError(
        'INVALID_INPUT',
        'Its answers are not signed: the reviewer writes the answers file with their password (assay answers).',
      );
    return answersOf(project, workstationKey());
  } finally {
    project.close();
  }
}

/** What does not hold of answers, in words; null where all does. */
function problemOf({ entries, signature, ...facts }: Answers): string | null {
  if (!isSigned(statementOf(facts), { publicKey: facts.publicKey, signature }))
    return 'Its signature does not hold: it was edited, or damaged';
  for (const [i, entry] of entries.entries()) {
    if (eventHash(entry) !== entry.hash)
      return `Its event ${entry.seq} was edited: the hash is not that of its content`;
    const before = entries[i - 1];
    if (before && (entry.seq !== before.seq + 1 || entry.previousHash !== before.hash))
      return `Its event ${entry.seq} does not follow on the one before it: something was taken out or put in`;
  }
  const last = entries.at(-1);
  return last && (last.seq !== facts.events || last.hash !== facts.head)
    ? 'Its end is not the one that was signed: events are missing'
    : null;
}

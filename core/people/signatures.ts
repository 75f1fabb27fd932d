import { sign, verify } from 'node:crypto';
import type { VerdictRow } from '../../db/queries/decisions.ts';
import type { EventRow } from '../../db/queries/events.ts';
import type { SignatureRow } from '../../db/queries/signatures.ts';
import type { Store } from '../../db/store.ts';
import {
  MEANINGS,
  MEANING_WORDS,
  type Meaning,
  type SignableRecord,
  type Signature,
  type SignOff,
} from '../../rpc/contract/signatures.ts';
import type { ClockJump } from '../../rpc/contract/ledger.ts';
import { AssayError } from '../../rpc/errors.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { EventBodies } from '../ledger/events.ts';
import { isSetBack, record, recordClock, recordedClockJumps } from '../ledger/ledger.ts';
import { publicKeyOf } from '../ledger/signed-note.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { boardOf } from '../review/board.ts';
import { personRow } from './person-row.ts';
import { blockOf } from './competence.ts';
import type { SignIns } from './sign-in.ts';

/** Events that make a new version of the dataset. */
const DATASET_KINDS = [
  'files.imported',
  'decisions.made',
  'answers.collected',
  'copies.answered',
  'images.tagged',
  'images.untagged',
] as const;

/** What nobody signs of their own work. */
const CHECKING: readonly Meaning[] = ['review', 'approval'];

const EXAMPLES = 6;

/** What a signature is made over: everything that its event says of it, and whose it is. docs/ledger.md describes it. */
interface Statement {
  project: string;
  signer: string;
  body: Omit<EventBodies['record.signed'], 'signature'>;
}

/** What is signed; its canonical form is the text. */
function statementOf({ project, signer, body }: Statement) {
  return { type: 'assay-signature-1' as const, project, signer, ...body };
}

/** Every signature on a release with what it signs, oldest first, for a reader who has not the project. */
export function signedStatements(store: Store, release: number) {
  return store.signatures
    .ofRecord('release', String(release))
    .map((row) => ({ ...statementOf(recordedStatement(store, row)), signature: row.signature }));
}

interface Version {
  version: string;
  /** Number of the event that made it. */
  event: number;
}

/** The version of a record that stands; null where there is none. */
function versionOf(store: Store, target: SignableRecord): Version | null {
  if (target.kind === 'decision') {
    const held = heldOn(store, target.image);
    if (!held) return null;
    const event = store.decisions.seqOf(held.decisionId);
    return { version: store.events.hashAt(event)!, event };
  }
  if (target.kind === 'release') {
    const release = store.decisions.releases().find(({ id }) => id === target.release);
    return release ? { version: release.manifestSha256, event: release.seq } : null;
  }
  const newest = store.events.newestOf(DATASET_KINDS);
  return newest ? { version: newest.hash, event: newest.seq } : null;
}

/** The same. Throws `NOT_FOUND`. */
function standingVersion(store: Store, target: SignableRecord): Version {
  const found = versionOf(store, target);
  if (found) return found;
  const what =
    target.kind === 'decision'
      ? `No decision stands on ${target.image.slice(0, 12)}.`
      : target.kind === 'release'
        ? `There is no release ${target.release}.`
        : 'There is nothing to sign yet: no images were imported.';
  throw new AssayError('NOT_FOUND', what);
}

/**
 * Who made the version that stands: the decider, or who wrote the release; of the dataset everybody who decided since
 * somebody reviewed or approved an earlier version of it.
 */
function makersOf(store: Store, target: SignableRecord, { event }: Version): ReadonlySet<string> {
  if (target.kind === 'decision') return new Set([heldOn(store, target.image)!.reviewer]);
  if (target.kind === 'release') return new Set([store.events.at(event)!.actor]);
  const checked = store.signatures
    .ofRecord('dataset', '')
    .findLast(({ meaning, eventSeq }) => CHECKING.includes(meaning) && eventSeq < event);
  return new Set(store.decisions.decidersSince(checked?.eventSeq ?? 0));
}

function heldOn(store: Store, sha256: string): VerdictRow | undefined {
  const image = store.images.idOf(sha256);
  return image === undefined ? undefined : store.decisions.verdict(image);
}

const lastSignOff = (store: Store): SignatureRow | undefined =>
  store.signatures.ofRecord('dataset', '').at(-1);

/** Why a person may not say this of a version; null where they may. Nobody approves their own work. */
function refusal(store: Store, person: string, makers: ReadonlySet<string>, meaning: Meaning): string | null {
  const row = personRow(store, person);
  if (row.maySign === 0)
    return `${person} was reset by ${row.resetBy}: a second administrator has to allow signing first.`;
  const block = blockOf(store, person, 'sign');
  if (block !== null) return block;
  if (meaning === 'authorship' && !makers.has(person)) return `${person} did not make this.`;
  if (CHECKING.includes(meaning) && makers.has(person))
    return `${person} made this, or a part of it, and nobody signs ${meaning} of their own work: somebody else has to, or sign responsibility.`;
  return null;
}

/** That a person signed this version as this already; null where they did not. */
function signedAlready(
  store: Store,
  person: string,
  target: SignableRecord,
  { version }: Version,
  meaning: Meaning,
): string | null {
  const isSame = (row: SignatureRow): boolean =>
    row.signer === person && row.meaning === meaning && row.version === version;
  return store.signatures.ofRecord(target.kind, keyOf(target)).some(isSame)
    ? `${person} signed this as ${meaning} already.`
    : null;
}

const keyOf = (target: SignableRecord): string =>
  target.kind === 'decision' ? target.image : target.kind === 'release' ? String(target.release) : '';

function targetOf({ kind, record: key }: SignatureRow): SignableRecord {
  if (kind === 'decision') return { kind, image: key };
  return kind === 'release' ? { kind, release: Number(key) } : { kind };
}

/**
 * Signs the standing version of a record with a person's own key, which their password opens for this one signature.
 * Throws `NOT_ALLOWED` for a wrong password and where the person may not sign this, `NOT_READY` where another version
 * stands than the one that was seen, where they signed it already, and where the clock was set back and nobody said that
 * this is known.
 */
export async function signRecord(
  project: WritableProject,
  signIns: SignIns,
  by: string,
  input: {
    id: string;
    password: string;
    record: SignableRecord;
    version: string;
    meaning: Meaning;
    comment: string | null;
    despiteClock: boolean;
  },
): Promise<Signature> {
  const { store } = project;
  if (!store.people.access())
    throw new AssayError(
      'NOT_READY',
      'Signatures need accounts: turn them on first, so that a key is its signer’s alone.',
    );
  if (personRow(store, input.id).id !== by)
    throw new AssayError('NOT_ALLOWED', `${by} is signed in: only they can sign here.`);
  const key = await signIns.check(project, input.id, input.password);
  await project.store.whenFree();
  const seq = store.transaction(() => {
    const standing = standingVersion(store, input.record);
    const why = refusal(store, by, makersOf(store, input.record, standing), input.meaning);
    if (why !== null) throw new AssayError('NOT_ALLOWED', why);
    if (standing.version !== input.version)
      throw new AssayError(
        'NOT_READY',
        'This was changed since it was shown: look at it again before you sign it.',
      );
    const again = signedAlready(store, by, input.record, standing, input.meaning);
    if (again !== null) throw new AssayError('ALREADY_EXISTS', again);
    const jump = clockJumps(store)[0];
    if (jump && !input.despiteClock)
      throw new AssayError(
        'NOT_READY',
        `The clock of this machine was set back, from ${jump.before} to ${jump.at}: set it right, or say that you know.`,
        { clock: true },
      );
    const now = new Date();
    recordClock(store, by, now);
    const head = store.events.last()!;
    const row = personRow(store, by);
    const body: Statement['body'] = {
      record: input.record,
      version: standing.version,
      event: standing.event,
      name: row.name,
      meaning: input.meaning,
      ...(input.comment !== null && { comment: input.comment }),
      time: now.toISOString(),
      local: localTime(now),
      headEvents: head.seq,
      head: head.hash,
      publicKey: row.publicKey!,
    };
    const text = canonicalJson(statementOf({ project: store.batches.project()!.uid, signer: by, body }));
    const signature = sign(null, Buffer.from(text), key).toString('hex');
    return record(store, by, 'record.signed', { ...body, signature });
  });
  return toSignature(
    store,
    store.signatures.all().find((row) => row.seq === seq)!,
  );
}

/** The moment with this machine's offset from UTC: `2026-01-31T10:30:00.000+01:00`. */
function localTime(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const two = (n: number): string => String(Math.trunc(n)).padStart(2, '0');
  const local = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/** Every signature, newest first. */
export function listSignatures({ store }: Pick<Project, 'store'>): Signature[] {
  return store.signatures
    .all()
    .toReversed()
    .map((row) => toSignature(store, row));
}

function toSignature(store: Store, row: SignatureRow): Signature {
  const { seq, version, eventSeq, signer, name, meaning, comment, at, local, publicKey, signature } = row;
  const target = targetOf(row);
  return {
    seq,
    record: target,
    version,
    event: eventSeq,
    stands: versionOf(store, target)?.version === version,
    signer,
    name,
    meaning,
    at,
    local,
    comment,
    publicKey,
    signature,
    holds: signatureProblem(store, row) === null,
  };
}

/** What a signature on record was made over. */
function recordedStatement(store: Store, row: SignatureRow): Statement {
  const { version, eventSeq, signer, name, meaning, comment } = row;
  const body: Statement['body'] = {
    record: targetOf(row),
    version,
    event: eventSeq,
    name,
    meaning,
    ...(comment !== null && { comment }),
    time: row.at,
    local: row.local,
    headEvents: row.headEvents,
    head: row.head,
    publicKey: row.publicKey,
  };
  return { project: store.batches.project()!.uid, signer, body };
}

/**
 * Whether a key (32 bytes, hex) signed the canonical form of a statement. Statements may come from anywhere: not every
 * 32 bytes are a key, and broken Unicode has no canonical form.
 */
export function isSigned(
  statement: object,
  { publicKey, signature }: { publicKey: string; signature: string },
): boolean {
  try {
    const key = publicKeyOf(Buffer.from(publicKey, 'hex'));
    return verify(null, Buffer.from(canonicalJson(statement)), key, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}

/**
 * What does not hold of a signature, in words; null where all does: the signer had this key, the key signed exactly this,
 * the chain leads to it, and the version is that of the event it names.
 */
function signatureProblem(store: Store, row: SignatureRow): string | null {
  const { seq, eventSeq, signer } = row;
  if (store.people.keyAt(signer, seq) !== row.publicKey) return 'its key was not the signer’s at that time';
  if (row.headEvents !== seq - 1 || store.events.hashAt(row.headEvents) !== row.head)
    return 'it is not made on the events before it';
  if (!isSigned(statementOf(recordedStatement(store, row)), row)) return 'the key did not sign this';
  const event = eventSeq < seq ? store.events.at(eventSeq) : undefined;
  if (!event || !isVersion(store, row, event))
    return `event ${eventSeq} did not make the version that it signs`;
  return null;
}

/** Whether an event made the version that a signature is of, as it stood when it was signed. */
function isVersion(
  store: Store,
  { kind, record: key, version, seq }: SignatureRow,
  event: EventRow,
): boolean {
  if (kind === 'release')
    return (
      event.kind === 'release.exported' &&
      (JSON.parse(event.body) as EventBodies['release.exported']).manifestSha256 === version
    );
  if (event.hash !== version) return false;
  if (kind === 'dataset') return store.events.newestOf(DATASET_KINDS, seq - 1)?.seq === event.seq;
  if (event.kind !== 'decisions.made' && event.kind !== 'answers.collected') return false;
  const { decisions } = JSON.parse(event.body) as Pick<EventBodies['decisions.made'], 'decisions'>;
  return decisions.some(({ sha256, purpose }) => sha256 === key && purpose !== 'gold');
}

/** The first signature that does not hold, in words, and how many were checked. */
export function verifySignatures(store: Store): { difference: string | null; signatures: number } {
  let signatures = 0;
  for (const row of store.signatures.all()) {
    signatures++;
    const problem = signatureProblem(store, row);
    if (problem !== null)
      return { difference: `signature of ${row.signer} in event ${row.seq}: ${problem}`, signatures };
  }
  return { difference: null, signatures };
}

/** Since the newest sign-off: when the clock was set back, and a clock that is behind the newest event now. */
function clockJumps(store: Store): ClockJump[] {
  const since = lastSignOff(store)?.seq ?? 0;
  const jumps = recordedClockJumps(store).filter(({ seq }) => seq > since);
  const last = store.events.last()!;
  const at = new Date().toISOString();
  return isSetBack(last.at, at) ? [...jumps, { seq: last.seq + 1, before: last.at, at }] : jumps;
}

/** What a sign-off of the dataset by a person would sign, as it stands. */
export function previewSignOff({ store }: Project, person: string): SignOff {
  const dataset = { kind: 'dataset' } as const;
  const standing = standingVersion(store, dataset);
  const makers = makersOf(store, dataset, standing);
  const since = lastSignOff(store)?.eventSeq ?? 0;
  const queues = store.queue.ids().map((id) => boardOf(store, id).counts);
  const isKnown = store.people.byId(person) !== undefined;
  const refused = isKnown
    ? Object.fromEntries(
        MEANINGS.flatMap((meaning) => {
          const why =
            refusal(store, person, makers, meaning) ??
            signedAlready(store, person, dataset, standing, meaning);
          return why === null ? [] : [[meaning, why]];
        }),
      )
    : Object.fromEntries(
        MEANINGS.map((meaning) => [meaning, `${MEANING_WORDS[meaning].title} takes an account.`]),
      );
  return {
    version: standing.version,
    seq: standing.event,
    clockSetBack: clockJumps(store),
    decided: Object.values(store.decisions.counts()).reduce((sum, images) => sum + images, 0),
    groups: store.decisions.groupsSince(since, EXAMPLES),
    openConflicts: queues.reduce((sum, { conflicts }) => sum + conflicts, 0),
    openQuestions: queues.reduce((sum, { questions }) => sum + questions, 0),
    signatures: store.signatures
      .ofRecord('dataset', '')
      .toReversed()
      .map((row) => toSignature(store, row)),
    refused,
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Store, WritableStore } from '../../db/store.ts';
import type { VerifiedCheckpoint } from '../../rpc/contract/ledger.ts';
import type { RecordAlarm } from '../../rpc/contract/projects.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted } from '../../rpc/format.ts';
import { replaceFile } from '../base/replace-file.ts';
import { configFolder } from '../base/user-settings.ts';
import { knownWorkstationKey, workstationKey } from '../base/workstation-key.ts';
import { record } from './ledger.ts';
import {
  checkpointAt,
  leavesOf,
  originOf,
  parseCheckpoint,
  projectKey,
  rootAt,
  signCheckpoint,
  type Checkpoint,
} from './checkpoint.ts';
import { edgeRoot, EMPTY_EDGE, grown, type Edge } from './merkle.ts';
import { checkSignature } from './signed-note.ts';

// A chain that was cut short, or written anew as a whole, is sound in itself. What tells is a checkpoint that was kept
// elsewhere: the newest one of a project is kept in its folder and, where its owner cannot replace it unseen, in the
// settings of each user who works on it. It commits to all before it, so the newest is enough.

const NAME = 'checkpoint.txt';
const EDGE_NAME = 'checkpoint-edge.txt';

/** A checkpoint that is kept somewhere, and where. */
interface KeptCheckpoint {
  file: string;
  /** Null where the file holds something else. */
  checkpoint: ReturnType<typeof parseCheckpoint>;
}

/** UUID of a project by the record itself: the state beside it could name another one. */
function uidOf(store: Store): string {
  const created = store.events.next(0, 'project.created');
  return (JSON.parse(created!.body) as { uid: string }).uid;
}

function userFile(uid: string): string {
  return join(configFolder(), 'checkpoints', `${uid.replaceAll(/[^0-9a-z-]/gi, '_')}.json`);
}

/** The newest checkpoint of every history of a project that this user worked on: one, unless older states were accepted. */
function rememberedCheckpoints(uid: string): KeptCheckpoint[] {
  const file = userFile(uid);
  if (!existsSync(file)) return [];
  let notes: unknown;
  try {
    notes = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    notes = null;
  }
  if (!Array.isArray(notes)) return [{ file, checkpoint: null }];
  return notes.map((note) => ({ file, checkpoint: parseCheckpoint(String(note)) }));
}

/** The checkpoint in a project's folder, where one was written. */
function checkpointInFolder(folder: string): KeptCheckpoint | null {
  const file = join(folder, NAME);
  if (!existsSync(file)) return null;
  return { file, checkpoint: parseCheckpoint(readFileSync(file, 'utf8')) };
}

/** Whether a project's events begin with those of a checkpoint: one row tells, by the chain. */
function extendsIt(store: Store, { origin, size, head }: Checkpoint): boolean {
  return origin === originOf(uidOf(store)) && store.events.hashAt(size) === head;
}

/**
 * What is wrong with a project's events, by the checkpoints that are known of it, and what to do; null where nothing is. Takes two small files and a row for each, whatever the size of the project.
 */
export function alarmOf(folder: string, store: Store): RecordAlarm | null {
  const remembered = rememberedCheckpoints(uidOf(store)).filter(({ checkpoint }) => checkpoint);
  const inFolder = checkpointInFolder(folder);
  const isKnown = remembered.some(({ checkpoint }) => extendsIt(store, checkpoint!));
  const other = remembered.length > 0 && !isKnown ? remembered.at(-1)! : inFolder;
  if (!other?.checkpoint || extendsIt(store, other.checkpoint)) return null;
  return alarmFor(folder, store, { ...other, checkpoint: other.checkpoint });
}

function alarmFor(
  folder: string,
  store: Store,
  { file, checkpoint: { origin, size, head } }: KeptCheckpoint & { checkpoint: Checkpoint },
): RecordAlarm {
  const events = store.events.last()!.seq;
  const known = `${file} knows ${counted(size, 'event')}, the last with the hash ${head}`;
  const [copy, what, facts] =
    origin !== originOf(uidOf(store))
      ? [
          'right',
          'it is another project',
          `${file} is about ${origin}, and this is ${originOf(uidOf(store))}`,
        ]
      : events < size
        ? [
            'newer',
            `${counted(size - events, 'event is', 'events are')} missing at its end`,
            `${known}; here are ${events}. The others were dropped, or an older copy was put back`,
          ]
        : [
            'right',
            'its events are not those that were recorded',
            `${known}; here that event has the hash ${store.events.hashAt(size)}. They were written anew, or went on elsewhere from an older copy`,
          ];
  return {
    message: `Put the ${copy} copy of project.db back, or accept this one: ${what}. Until then it can only be read.`,
    details: `${facts}. To accept this one: assay checkpoint ${folder} --accept --by <name>.`,
  };
}

/** Throws `RECORD_DIFFERS` where the record is not the one that is known. */
export function requireKnownRecord(folder: string, store: Store): void {
  const alarm = alarmOf(folder, store);
  if (alarm !== null)
    throw new AssayError('RECORD_DIFFERS', `${folder}: ${alarm.message}`, {
      folder,
      details: alarm.details,
    });
}

/**
 * Compares a project with every checkpoint that is known of it: root, head, and signature where it is this
 * workstation's. Returns the first difference in words, or null, and the checkpoints that the record leads to.
 */
export function verifyCheckpoints(
  folder: string,
  store: Store,
): { difference: string | null; checkpoints: VerifiedCheckpoint[] } {
  const checkpoints: VerifiedCheckpoint[] = [];
  const no = (difference: string) => ({ difference, checkpoints });
  const alarm = alarmOf(folder, store);
  if (alarm !== null) return no(`${alarm.message} ${alarm.details}`);
  const key = knownWorkstationKey();
  for (const { file, checkpoint } of [
    ...rememberedCheckpoints(uidOf(store)),
    ...[checkpointInFolder(folder)].filter((kept) => kept !== null),
  ]) {
    if (!checkpoint) return no(`${file} holds no checkpoint: it was damaged or changed`);
    // An older state was accepted, and this checkpoint is of what was given up for it.
    if (!extendsIt(store, checkpoint)) continue;
    const { origin, size, root, note } = checkpoint;
    if (!rootAt(store, size).equals(root))
      return no(`${file}: its root is not that of the first ${counted(size, 'event')}`);
    const signed = key ? checkSignature(note, projectKey(origin, key)) : 'unknown';
    if (signed === 'false') return no(`${file}: its signature by this workstation is false`);
    checkpoints.push({ file, events: size, own: signed === 'signed' });
  }
  return { difference: null, checkpoints };
}

/**
 * Records that the events of a project are to go on although they are not those that are known, and what is given up for
 * it. Throws `NOT_READY` where they are.
 */
export function acceptRecord(folder: string, store: WritableStore, actor: string): void {
  const known = [...rememberedCheckpoints(uidOf(store)), checkpointInFolder(folder)].flatMap(
    (kept) => kept?.checkpoint ?? [],
  );
  if (alarmOf(folder, store) === null)
    throw new AssayError(
      'NOT_READY',
      `The record of ${folder} is the one that is known: there is nothing to accept.`,
    );
  const givenUp = new Map(
    known.filter((one) => !extendsIt(store, one)).map(({ size, head }) => [head, { events: size, head }]),
  );
  record(store, actor, 'record.accepted', { givenUp: [...givenUp.values()] });
}

/**
 * Signs a checkpoint of a project as it is now and keeps it: in this user's settings, and in the project's folder
 * unless that is null. Returns the note. Throws `INVALID_INPUT` where there can be no key, and what writing throws.
 */
export function keepCheckpoint(folder: string | null, store: Store): string {
  const size = store.events.last()!.seq;
  const uid = uidOf(store);
  const before = folder === null ? EMPTY_EDGE : keptEdge(folder, store, uid);
  const edge = grown(before, leavesOf(store, size, before.size));
  const note = signCheckpoint(checkpointAt(store, size, edgeRoot(edge)), workstationKey());
  const others = rememberedCheckpoints(uid).filter(
    ({ checkpoint }) => checkpoint && !extendsIt(store, checkpoint),
  );
  const notes = [...others.map(({ checkpoint }) => checkpoint!.note.whole), note];
  const file = userFile(uid);
  replaceFile(dirname(file), basename(file), `${JSON.stringify(notes, null, 1)}\n`, true);
  if (folder !== null) {
    replaceFile(folder, EDGE_NAME, [edge.size, ...edge.roots.map((root) => root.toString('hex'))].join('\n'));
    replaceFile(folder, NAME, note);
  }
  return note;
}

/**
 * The edge of the tree that was left in the folder at the last checkpoint, so that the next one costs the time of new
 * events alone. It is taken only if it leads to the root of a checkpoint that this user's settings know, of events that
 * are there; else the empty one.
 */
function keptEdge(folder: string, store: Store, uid: string): Edge {
  const file = join(folder, EDGE_NAME);
  if (!existsSync(file)) return EMPTY_EDGE;
  const [size, ...roots] = readFileSync(file, 'utf8').split('\n');
  const edge = { size: Number(size), roots: roots.map((root) => Buffer.from(root, 'hex')) };
  const digits = edge.size.toString(2).replaceAll('0', '');
  const isKnown = rememberedCheckpoints(uid).some(
    ({ checkpoint }) =>
      checkpoint?.size === edge.size &&
      extendsIt(store, checkpoint) &&
      edgeRoot(edge).equals(checkpoint.root),
  );
  return isKnown && edge.roots.length === digits.length ? edge : EMPTY_EDGE;
}

/**
 * Does the same where it can be done and the newest event is not under a kept one already: what was recorded stays, and
 * the next one who writes leaves a checkpoint.
 */
export function leaveCheckpoint(folder: string, store: Store): void {
  try {
    if (!isKept(folder, store)) keepCheckpoint(folder, store);
  } catch {
    // For example on a full disk, or where the settings cannot be written.
  }
}

/** Whether both places hold a checkpoint of the project as it is now. */
function isKept(folder: string, store: Store): boolean {
  const { seq } = store.events.last()!;
  const isNow = (kept: KeptCheckpoint | null): boolean =>
    kept?.checkpoint?.size === seq && extendsIt(store, kept.checkpoint);
  return isNow(checkpointInFolder(folder)) && rememberedCheckpoints(uidOf(store)).some(isNow);
}

import type { KeyObject } from 'node:crypto';
import type { Store } from '../../db/store.ts';
import { consistencyProof, leafHash, merkleRoot, provesConsistency } from './merkle.ts';
import {
  parseNote,
  rawPublicKey,
  signNote,
  strictBase64,
  type NoteKey,
  type SignedNote,
} from './signed-note.ts';

/** What a checkpoint says of a ledger (https://c2sp.org/tlog-checkpoint). docs/ledger.md describes it for verifiers. */
export interface Checkpoint {
  /** Names the project. */
  origin: string;
  /** Events that it commits to: the first so many. */
  size: number;
  /** Root of their Merkle tree. */
  root: Buffer;
  /** Hash of the last of them, in hex. */
  head: string;
}

/** The name of a project's ledger in its checkpoints, and of the keys that sign them. */
export function originOf(uid: string): string {
  return `assay.invalid/project/${uid}`;
}

/** Leaf hashes of the first so many events, without those up to `after`: a leaf's content is the 32 bytes of the event's hash. */
export function* leavesOf(store: Store, size: number, after = 0): Generator<Buffer> {
  for (const each of store.events.hashes(size, after)) yield leafHash(Buffer.from(each, 'hex'));
}

/** The root of the Merkle tree of the first so many events. */
export function rootAt(store: Store, size: number): Buffer {
  return merkleRoot(leavesOf(store, size));
}

/**
 * What can be signed of a project's ledger as it was after the event `size`, which must be there. `root`: that of the tree of so
 * many events, where it is known.
 */
export function checkpointAt(store: Store, size: number, root: Buffer = rootAt(store, size)): Checkpoint {
  const head = store.events.hashAt(size);
  if (head === undefined) throw new Error(`there is no event ${size} to make a checkpoint of`);
  return { origin: originOf(store.batches.project()!.uid), size, root, head };
}

/**
 * The proof that a checkpoint of a ledger grew out of an earlier one: the hashes, or null where it did not. Both roots are
 * compared with what the proof leads to.
 */
export function growthProof(store: Store, earlier: Checkpoint, later: Checkpoint): Buffer[] | null {
  if (earlier.origin !== later.origin || earlier.size < 1 || earlier.size > later.size) return null;
  const proof = consistencyProof([...leavesOf(store, later.size)], earlier.size);
  return provesConsistency(proof, earlier, later) ? proof : null;
}

/** A workstation's key as the one that signs checkpoints of a project. */
export function projectKey(origin: string, key: KeyObject): NoteKey {
  return { name: origin, publicKey: rawPublicKey(key) };
}

/** A checkpoint as a signed note. */
export function signCheckpoint({ origin, size, root, head }: Checkpoint, key: KeyObject): string {
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\nhead ${head}\n`, origin, key);
}

/** A checkpoint and the note that it was read from, whose signatures are not verified; null where it is none of ours. */
export function parseCheckpoint(text: string): (Checkpoint & { note: SignedNote }) | null {
  const note = parseNote(text);
  const parts = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})\n$/.exec(
    note?.text ?? '',
  );
  const root = strictBase64(parts?.[3] ?? '');
  if (!note || !parts || !root) return null;
  const [, origin, size, , head] = parts as unknown as [string, string, string, string, string];
  return { origin, size: Number(size), root, head, note };
}

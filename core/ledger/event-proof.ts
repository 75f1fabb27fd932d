import { hash, type KeyObject } from 'node:crypto';
import type { EventRow } from '../../db/queries/events.ts';
import type { Store } from '../../db/store.ts';
import { checkpointAt, leavesOf, parseCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.ts';
import { eventLine } from './ledger.ts';
import { inclusionProof, leafHash, provesInclusion, merkleRoot } from './merkle.ts';
import { checkSignature, strictBase64, type NoteKey, type SignedNote } from './signed-note.ts';

// A proof, for somebody who has not the project, that an event is on its record: a checkpoint, the way from the event's
// leaf to its root, and the event itself (https://c2sp.org/tlog-proof). docs/ledger.md describes it for verifiers.

const HEADER = 'c2sp.org/tlog-proof@v1';

export interface EventProof {
  /** What the event is hashed as. */
  line: string;
  /** Its place in the record, from 0. */
  index: number;
  hashes: Buffer[];
  checkpoint: Checkpoint & { note: SignedNote };
}

/** The proof for an event as the newest one of the record, signed with a workstation's key. */
export function proveEvent(store: Store, event: EventRow, key: KeyObject): string {
  const leaves = [...leavesOf(store, event.seq)];
  const checkpoint = checkpointAt(store, event.seq, merkleRoot(leaves));
  const hashes = inclusionProof(leaves, event.seq - 1);
  const lines = [
    HEADER,
    `extra ${Buffer.from(eventLine(event)).toString('base64')}`,
    `index ${event.seq - 1}`,
    ...hashes.map((each) => each.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${signCheckpoint(checkpoint, key)}`;
}

/** A proof in its parts, nothing of it checked; null where it is none. */
export function parseProof(text: string): EventProof | null {
  const end = text.indexOf('\n\n');
  const checkpoint = end < 0 ? null : parseCheckpoint(text.slice(end + 2));
  const [header, extra, index, ...encoded] = text.slice(0, Math.max(end, 0)).split('\n');
  const line = strictBase64(/^extra (.+)$/.exec(extra ?? '')?.[1] ?? '');
  const place = /^index (0|[1-9]\d{0,14})$/.exec(index ?? '')?.[1];
  const hashes = encoded.map(strictBase64);
  if (
    header !== HEADER ||
    !checkpoint ||
    !line ||
    place === undefined ||
    !hashes.every((each) => each !== null)
  )
    return null;
  return { line: line.toString(), index: Number(place), hashes, checkpoint };
}

/** What does not hold of a proof, as ends of a sentence about it: its tree, its chain, its project and its signature. */
export function proofProblems({ line, index, hashes, checkpoint }: EventProof, key: NoteKey): string[] {
  const problems: string[] = [];
  const head = hash('sha256', line);
  const leaf = leafHash(Buffer.from(head, 'hex'));
  if (!provesInclusion(hashes, leaf, { index, ...checkpoint }))
    problems.push('does not lead from its event to the root of its checkpoint');
  if (index !== checkpoint.size - 1 || head !== checkpoint.head)
    problems.push('its event is not the newest one of its checkpoint');
  if (checkpoint.origin !== key.name) problems.push('its checkpoint is of another project than its key');
  if (checkSignature(checkpoint.note, key) !== 'signed')
    problems.push('its checkpoint is not signed with the key that the manifest names');
  return problems;
}

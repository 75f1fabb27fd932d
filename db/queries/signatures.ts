import type { Database } from 'better-sqlite3';
import type { Meaning, SignableRecord } from '../../rpc/contract/signatures.ts';

export interface SignatureRow {
  seq: number;
  kind: SignableRecord['kind'];
  /** The image's hash, the number of the release, or empty. */
  record: string;
  version: string;
  /** The event that made this version. */
  eventSeq: number;
  signer: string;
  name: string;
  meaning: Meaning;
  comment: string | null;
  at: string;
  local: string;
  headEvents: number;
  head: string;
  publicKey: string;
  signature: string;
}

/** Signatures of people. */
export function signatureQueries(db: Database) {
  const SIGNATURE = `SELECT seq, kind, record, version, event_seq AS eventSeq, signer, name, meaning, comment, at, local,
    head_events AS headEvents, head, public_key AS publicKey, signature FROM signature`;
  const all = db.prepare<[], SignatureRow>(`${SIGNATURE} ORDER BY seq`);
  const ofRecord = db.prepare<[string, string], SignatureRow>(
    `${SIGNATURE} WHERE kind = ? AND record = ? ORDER BY seq`,
  );
  const insert = db.prepare<SignatureRow>(
    `INSERT INTO signature (seq, kind, record, version, event_seq, signer, name, meaning, comment, at, local, head_events, head, public_key, signature)
     VALUES (@seq, @kind, @record, @version, @eventSeq, @signer, @name, @meaning, @comment, @at, @local, @headEvents, @head, @publicKey, @signature)`,
  );
  return {
    /** Oldest first. */
    all: (): SignatureRow[] => all.all(),
    ofRecord: (kind: SignatureRow['kind'], record: string): SignatureRow[] => ofRecord.all(kind, record),
    insert: (row: SignatureRow): void => void insert.run(row),
  };
}

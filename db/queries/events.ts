import type { Database } from 'better-sqlite3';
import type { Context } from '../../rpc/contract/terms.ts';

/** One row of the ledger. `body` is canonical JSON; `at` is UTC, ISO 8601 with milliseconds. */
export interface EventRow {
  seq: number;
  at: string;
  zoneOffsetMinutes: number;
  actor: string;
  app: string;
  kind: string;
  body: string;
  previousHash: string;
  hash: string;
}

const COLUMNS = `seq, at, zone_offset_minutes AS zoneOffsetMinutes, actor, app, kind, body, previous_hash AS previousHash, hash`;

export function eventQueries(db: Database) {
  const insert = db.prepare<EventRow>(
    `INSERT INTO event (seq, at, zone_offset_minutes, actor, app, kind, body, previous_hash, hash)
     VALUES (@seq, @at, @zoneOffsetMinutes, @actor, @app, @kind, @body, @previousHash, @hash)`,
  );
  const last = db.prepare<[], { seq: number; hash: string; at: string }>(
    'SELECT seq, hash, at FROM event ORDER BY seq DESC LIMIT 1',
  );
  const all = db.prepare<[], EventRow>(`SELECT ${COLUMNS} FROM event ORDER BY seq`);
  const next = db.prepare<[number, string], EventRow>(
    `SELECT ${COLUMNS} FROM event WHERE seq > ? AND kind = ? ORDER BY seq LIMIT 1`,
  );
  const newest = db.prepare<[string], EventRow>(
    `SELECT ${COLUMNS} FROM event WHERE kind = ? ORDER BY seq DESC LIMIT 1`,
  );
  const at = db.prepare<[number], EventRow>(`SELECT ${COLUMNS} FROM event WHERE seq = ?`);
  const newestOf = db.prepare<[string, number], { seq: number; hash: string }>(
    'SELECT seq, hash FROM event WHERE kind IN (SELECT value FROM json_each(?)) AND seq <= ? ORDER BY seq DESC LIMIT 1',
  );
  const ofKind = db.prepare<[string], EventRow>(`SELECT ${COLUMNS} FROM event WHERE kind = ? ORDER BY seq`);
  const hashes = db
    .prepare<[number, number], string>('SELECT hash FROM event WHERE seq > ? AND seq <= ? ORDER BY seq')
    .pluck();
  const hashAt = db.prepare<[number], string>('SELECT hash FROM event WHERE seq = ?').pluck();
  const contextOf = db
    .prepare<[number], string | null>("SELECT json_extract(body, '$.context') FROM event WHERE seq = ?")
    .pluck();
  return {
    insert: (row: EventRow): void => void insert.run(row),
    /** Sequence, hash and time of the newest event, or undefined in an empty ledger. */
    last: () => last.get(),
    /** The context of an act of decisions; undefined if an earlier version recorded it. */
    contextOf: (seq: number) => (contextOf.get(seq) ?? undefined) as Context | undefined,
    /** The first event of a kind after a sequence number, or undefined. */
    next: (after: number, kind: string) => next.get(after, kind),
    /** The hashes of the first so many events after some, in hex, in order, one at a time. */
    hashes: (count: number, after = 0): IterableIterator<string> => hashes.iterate(after, count),
    /** The hash of the event with a number; undefined where there are fewer. */
    hashAt: (seq: number) => hashAt.get(seq),
    /** The event with a number, or undefined. */
    at: (seq: number) => at.get(seq),
    /** Number and hash of the newest event of any of some kinds, up to one event; undefined where there is none. */
    newestOf: (kinds: readonly string[], upTo = Number.MAX_SAFE_INTEGER) =>
      newestOf.get(JSON.stringify(kinds), upTo),
    /** The newest event of a kind, or undefined. */
    newest: (kind: string) => newest.get(kind),
    /** Every event of a kind in order. */
    ofKind: (kind: string): EventRow[] => ofKind.all(kind),
    /** Every event in order, one at a time. */
    all: (): IterableIterator<EventRow> => all.iterate(),
  };
}

import type { Database } from 'better-sqlite3';

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
  const last = db.prepare<[], { seq: number; hash: string }>(
    'SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1',
  );
  const all = db.prepare<[], EventRow>(`SELECT ${COLUMNS} FROM event ORDER BY seq`);
  return {
    insert: (row: EventRow): void => void insert.run(row),
    /** Sequence and hash of the newest event, or undefined in an empty ledger. */
    last: () => last.get(),
    /** Every event in order, one at a time. */
    all: (): IterableIterator<EventRow> => all.iterate(),
  };
}

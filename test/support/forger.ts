import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A row of the table of events. */
export interface EventRow {
  seq: number;
  at: string;
  zone_offset_minutes: number;
  actor: string;
  app: string;
  kind: string;
  body: string;
  previous_hash: string;
  hash: string;
}

export const eventsOf = (db: Database.Database): EventRow[] =>
  db.prepare<[], EventRow>('SELECT * FROM event ORDER BY seq').all();

/** Writes every hash anew, as somebody would who has read docs/ledger.md. */
export function chainAnew(db: Database.Database): void {
  let previous = '0'.repeat(64);
  const set = db.prepare('UPDATE event SET previous_hash = ?, hash = ? WHERE seq = ?');
  for (const { seq, at, zone_offset_minutes, actor, app, kind, body } of eventsOf(db)) {
    const text = [
      `{"actor":${JSON.stringify(actor)},"app":${JSON.stringify(app)},"at":${JSON.stringify(at)},"body":${body},`,
      `"kind":${JSON.stringify(kind)},"previousHash":"${previous}","seq":${seq},`,
      `"zoneOffsetMinutes":${zone_offset_minutes}}`,
    ].join('');
    const hash = createHash('sha256').update(text).digest('hex');
    set.run(previous, hash, seq);
    previous = hash;
  }
}

/** Changes a database with its triggers dropped, and puts them back. */
export function withoutTriggers(db: Database.Database, change: () => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  db.pragma('foreign_keys = OFF');
  for (const { name } of triggers) db.exec(`DROP TRIGGER "${name}"`);
  change();
  for (const { sql } of triggers) db.exec(sql);
}

/** Changes a closed project so that its record is sound in itself: events, state, links and triggers. */
export function forge(folder: string, change: (db: Database.Database) => void): void {
  const db = new Database(join(folder, 'project.db'));
  try {
    withoutTriggers(db, () => {
      change(db);
      chainAnew(db);
    });
  } finally {
    db.close();
  }
}

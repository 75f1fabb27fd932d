import type { Database } from 'better-sqlite3';

export interface JobRow {
  id: string;
  startedAt: string;
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  /** JSON. */
  body: string;
}

/** Most jobs kept; beyond, the oldest ended ones are deleted. */
const KEPT = 200;

export function jobQueries(db: Database) {
  const save = db.prepare<JobRow>(
    `INSERT INTO job (id, started_at, state, body) VALUES (@id, @startedAt, @state, @body)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
  );
  const trim = db.prepare(
    `DELETE FROM job WHERE state <> 'running' AND id NOT IN (
       SELECT id FROM job ORDER BY started_at DESC, id LIMIT ${KEPT})`,
  );
  const all = db.prepare<[], JobRow>(
    'SELECT id, started_at AS startedAt, state, body FROM job ORDER BY started_at DESC, id',
  );
  const clear = db.prepare("DELETE FROM job WHERE state <> 'running'");
  return {
    /** Writes a job's current state. */
    save: (row: JobRow): void => {
      save.run(row);
      trim.run();
    },
    /** Newest first. */
    all: (): JobRow[] => all.all(),
    /** Deletes ended jobs. */
    clear: (): void => void clear.run(),
  };
}

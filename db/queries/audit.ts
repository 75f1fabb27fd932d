import type { Database } from 'better-sqlite3';
import { PAIRS } from './copies.ts';

/** Which images an audit spoke for. */
export function auditQueries(db: Database) {
  const lastImageBefore = db
    .prepare<[number], number>(
      `SELECT i.id FROM image i JOIN file f ON f.id = i.home_file_id WHERE f.added_seq < ?
       ORDER BY i.id DESC LIMIT 1`,
    )
    .pluck();
  const OF_ROLES = `FROM image i JOIN file f ON f.id = i.home_file_id JOIN batch b ON b.id = f.batch_id
    WHERE i.id > @after AND b.role IN (SELECT value FROM json_each(@roles))`;
  const added = db.prepare<{ after: number; roles: string }, number>(`SELECT count(*) ${OF_ROLES}`).pluck();
  const addedOpen = db
    .prepare<{ after: number; roles: string; run: number }, number>(
      `SELECT count(*) ${OF_ROLES} AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.image_id = i.id)
         AND NOT EXISTS (SELECT 1 FROM ${PAIRS} p WHERE p.run_id = @run AND p.image_id = i.id AND p.settles)`,
    )
    .pluck();
  const settledOnlyIn = db
    .prepare<{ before: number; now: number }, number>(
      `SELECT count(*) FROM (SELECT image_id FROM ${PAIRS} WHERE run_id = @before AND settles
         EXCEPT SELECT image_id FROM ${PAIRS} WHERE run_id = @now AND settles)`,
    )
    .pluck();
  return {
    /** The last image that was imported before an event; 0 for none. Image numbers rise with the time of import. */
    lastImageBefore: (seq: number): number => lastImageBefore.get(seq) ?? 0,
    /** Images of the roles with a higher number than `after`. */
    added: (after: number, roles: readonly string[]): number =>
      added.get({ after, roles: JSON.stringify(roles) }) ?? 0,
    /** Those of them that no decision and no rule of the run settles. */
    addedOpen: (after: number, roles: readonly string[], run: number): number =>
      addedOpen.get({ after, roles: JSON.stringify(roles), run }) ?? 0,
    /** Images that rules settled in one run and not in a later one. */
    settledOnlyIn: (before: number, now: number): number => settledOnlyIn.get({ before, now }) ?? 0,
  };
}

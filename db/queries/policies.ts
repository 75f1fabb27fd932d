import type { Database } from 'better-sqlite3';

export interface PolicyRow {
  name: string;
  /** JSON. */
  policy: string;
  seq: number;
  by: string;
  at: string;
}

/** Saved queue policies. */
export function policyQueries(db: Database) {
  const put = db.prepare<[string, string, number]>(
    'INSERT OR REPLACE INTO policy (name, policy, seq) VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[string]>('DELETE FROM policy WHERE name = ?');
  const all = db.prepare<[], PolicyRow>(
    `SELECT p.name, p.policy, p.seq, e.actor AS "by", e.at FROM policy p JOIN event e ON e.seq = p.seq ORDER BY p.name`,
  );
  return {
    put: (name: string, policy: string, seq: number): void => void put.run(name, policy, seq),
    /** Returns whether there was a policy of that name. */
    remove: (name: string): boolean => remove.run(name).changes > 0,
    all: () => all.all(),
  };
}

import type { Database } from 'better-sqlite3';
import type { Role } from '../../rpc/contract/terms.ts';

/** Reports on the labels of a run, one JSON text per role. */
export function labelReportQueries(db: Database) {
  const put = db.prepare<[number, Role, string]>(
    'INSERT OR REPLACE INTO label_report (run_id, role, report) VALUES (?, ?, ?)',
  );
  const ofRun = db.prepare<[number], { role: Role; report: string }>(
    'SELECT role, report FROM label_report WHERE run_id = ? ORDER BY role',
  );
  return {
    put: (run: number, role: Role, report: string): void => void put.run(run, role, report),
    ofRun: (run: number) => ofRun.all(run),
  };
}

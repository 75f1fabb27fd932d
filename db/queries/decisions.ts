import type { Database } from 'better-sqlite3';
import type { Verdict } from '../../rpc/contract/terms.ts';

export interface NewDecision {
  imageId: number;
  queueId: number | null;
  verdict: Verdict;
  labelId: number | null;
  reason: string | null;
  undoes: number | null;
  reviewer: string;
  at: string;
  seq: number;
}

/** What holds for an image now. */
export interface VerdictRow {
  decisionId: number;
  verdict: 'accept' | 'relabel' | 'reject';
  label: string | null;
  reason: string | null;
  reviewer: string;
  at: string;
}

export interface NewRelease {
  format: string;
  folder: string;
  images: number;
  manifestSha256: string;
  options: string;
  seq: number;
}

export function decisionQueries(db: Database) {
  const insert = db.prepare<NewDecision>(
    `INSERT INTO decision (image_id, queue_id, verdict, label_id, reason, undoes, reviewer, at, seq)
     VALUES (@imageId, @queueId, @verdict, @labelId, @reason, @undoes, @reviewer, @at, @seq)`,
  );
  const verdict = db.prepare<[number], VerdictRow>(
    `SELECT v.decision_id AS decisionId, v.verdict, l.name AS label, v.reason, v.reviewer, v.at
     FROM verdict v LEFT JOIN label l ON l.id = v.label_id WHERE v.image_id = ?`,
  );
  const UNDOABLE = `d.verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)`;
  const undoable = db
    .prepare<[number], number>(
      `SELECT d.id FROM decision d WHERE d.image_id = ? AND ${UNDOABLE} ORDER BY d.id`,
    )
    .pluck();
  const lastOfReviewer = db.prepare<[string], { id: number; imageId: number }>(
    `SELECT d.id, d.image_id AS imageId FROM decision d WHERE d.reviewer = ? AND ${UNDOABLE} ORDER BY d.id DESC LIMIT 1`,
  );
  const counts = db.prepare<[], { verdict: string; images: number }>(
    'SELECT verdict, count(*) AS images FROM verdict GROUP BY verdict',
  );
  const total = db.prepare<[], number>('SELECT count(*) FROM decision').pluck();
  const insertRelease = db.prepare<NewRelease>(
    `INSERT INTO release (format, folder, images, manifest_sha256, options, seq)
     VALUES (@format, @folder, @images, @manifestSha256, @options, @seq)`,
  );
  const releases = db.prepare<[], NewRelease & { id: number }>(
    'SELECT id, format, folder, images, manifest_sha256 AS manifestSha256, options, seq FROM release ORDER BY id',
  );
  return {
    insert: (row: NewDecision): number => Number(insert.run(row).lastInsertRowid),
    /** The verdict that holds for an image, or undefined. */
    verdict: (imageId: number) => verdict.get(imageId),
    /** The entries about an image that nobody took back, oldest first. */
    undoable: (imageId: number): number[] => undoable.all(imageId),
    /** The newest entry of a reviewer that nobody took back. */
    lastOfReviewer: (reviewer: string) => lastOfReviewer.get(reviewer),
    /** Images by the verdict that holds. */
    counts: (): { accept: number; relabel: number; reject: number } => {
      const found = { accept: 0, relabel: 0, reject: 0 };
      for (const row of counts.all()) found[row.verdict as keyof typeof found] = row.images;
      return found;
    },
    /** Entries ever made, undone ones included. */
    total: (): number => total.get() ?? 0,
    insertRelease: (row: NewRelease): void => void insertRelease.run(row),
    releases: () => releases.all(),
  };
}

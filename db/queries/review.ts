import type { Database } from 'better-sqlite3';

/** An image as shown to a reviewer. */
export interface ShownRow {
  id: number;
  sha256: string;
  width: number;
  height: number;
  format: string;
  fileId: number;
  labelId: number | null;
  boxed: 0 | 1;
}

/** Data of the review screens besides decisions. */
export function reviewQueries(db: Database) {
  const shown = db.prepare<[number], ShownRow>(
    `SELECT i.id, i.sha256, i.width, i.height, i.format, f.id AS fileId, f.label_id AS labelId, f.boxed
     FROM image i JOIN file f ON f.id = i.home_file_id WHERE i.id = ?`,
  );
  const labelledReal = db.prepare<[], { imageId: number; labelId: number; sha256: string }>(
    `SELECT i.id AS imageId, f.label_id AS labelId, i.sha256
     FROM batch b JOIN file f ON f.batch_id = b.id JOIN image i ON i.home_file_id = f.id
     WHERE b.role = 'real' AND f.label_id IS NOT NULL ORDER BY i.id`,
  );
  const examplesOf = db
    .prepare<[string, number, number], string>(
      `SELECT i.sha256 FROM batch b JOIN file f ON f.batch_id = b.id JOIN image i ON i.home_file_id = f.id
       WHERE b.role = 'real' AND f.label_id = (SELECT id FROM label WHERE name = ?)
         AND NOT EXISTS (SELECT 1 FROM queue_gold g WHERE g.queue_id = ? AND g.image_id = i.id)
       ORDER BY i.id LIMIT ?`,
    )
    .pluck();
  const imageCount = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM image').pluck();
  const scoreAt = db
    .prepare<[number, number, number], number>(
      'SELECT value FROM score WHERE run_id = ? AND score_id = ? AND image_id = ?',
    )
    .pluck();
  const scoreRange = db
    .prepare<[number, number, number, number], [number, number]>(
      'SELECT image_id, value FROM score WHERE run_id = ? AND score_id = ? AND image_id > ? AND image_id <= ?',
    )
    .raw();
  return {
    shown: (imageId: number) => shown.get(imageId),
    /** Every real image with a label, by number. */
    labelledReal: () => labelledReal.iterate(),
    /** Real images of a class, by hash, without those that gold items of a queue are drawn from. */
    examplesOf: (label: string, queueId: number, count: number): string[] =>
      examplesOf.all(label, queueId, count),
    /** The highest image number. Numbers have no gaps. */
    imageCount: (): number => imageCount.get() ?? 0,
    /** Image and value of a score, after one image number, up to and including another. */
    scoreRange: (runId: number, scoreId: number, after: number, upTo: number) =>
      scoreRange.all(runId, scoreId, after, upTo),
    /** One value of a score, or undefined. */
    scoreAt: (runId: number, scoreId: number, imageId: number) => scoreAt.get(runId, scoreId, imageId),
  };
}

import type { Database } from 'better-sqlite3';
import type { Role } from '../../rpc/contract/terms.ts';
import type { VerdictRow } from './decisions.ts';
import { PAIRS } from './copies.ts';

/** The verdict that holds for an image, and whether it was made on this image alone: not on a view or a near-duplicate. */
export interface HeldRow extends VerdictRow {
  imageId: number;
  seen: 0 | 1;
}

/** Counts for the overview and the releases. */
export function overviewQueries(db: Database) {
  const OF_BATCH = 'JOIN file f ON f.id = i.home_file_id';
  // A repaired file can replace a failure under the same number, but not by the same event. A batch may be empty.
  const newestFile = db
    .prepare<[], string>(
      `SELECT coalesce((SELECT id || ' ' || added_seq FROM file ORDER BY id DESC LIMIT 1), '') || ' ' ||
         (SELECT count(*) FROM batch)`,
    )
    .pluck();
  const splits = db
    .prepare<[number], string>('SELECT DISTINCT split FROM file WHERE split IS NOT NULL LIMIT ?')
    .pluck();
  const splitsOf = db
    .prepare<[string], string>(
      `SELECT DISTINCT f.split FROM image i ${OF_BATCH} JOIN batch b ON b.id = f.batch_id
       WHERE f.split IS NOT NULL AND b.role IN (SELECT value FROM json_each(?))`,
    )
    .pluck();
  const boxed = db
    .prepare<[], number>('SELECT i.id FROM file f JOIN image i ON i.home_file_id = f.id WHERE f.boxed = 1')
    .pluck();
  const annotated = db.prepare<[], { images: number; boxed: number }>(
    `SELECT count(*) AS images, coalesce(sum(f.boxed), 0) AS boxed FROM image i ${OF_BATCH}`,
  );
  // Copies count in their own batch, not in that of the image's home.
  const copies = db.prepare<[], { batchId: number; homeRole: Role; role: Role; files: number }>(
    `SELECT f.batch_id AS batchId, hb.role AS homeRole, b.role, count(*) AS files
     FROM file_copy c JOIN file f ON f.id = c.file_id JOIN image i ON i.id = f.image_id
       JOIN batch b ON b.id = f.batch_id JOIN file h ON h.id = i.home_file_id JOIN batch hb ON hb.id = h.batch_id
     GROUP BY f.batch_id, hb.role`,
  );
  // The newest queue supersedes undecided items of older ones.
  const queued = db.prepare<[], { batchId: number; queued: number; reviewed: number }>(
    `SELECT f.batch_id AS batchId, count(*) AS queued, count(v.verdict) AS reviewed
     FROM (SELECT image_id FROM queue_item WHERE queue_id = (SELECT max(id) FROM queue)
       UNION SELECT q.image_id FROM queue_item q JOIN verdict w ON w.image_id = q.image_id) q JOIN image i ON i.id = q.image_id ${OF_BATCH}
       LEFT JOIN verdict v ON v.image_id = i.id
     GROUP BY f.batch_id`,
  );
  const changed = db.prepare<[], { batchId: number; changed: number }>(
    `SELECT f.batch_id AS batchId, count(*) AS changed FROM verdict v JOIN image i ON i.id = v.image_id ${OF_BATCH}
     WHERE v.verdict IN ('relabel', 'reject') GROUP BY f.batch_id`,
  );
  const settled = db
    .prepare<[number], number>(`SELECT count(DISTINCT image_id) FROM ${PAIRS} WHERE run_id = ? AND settles`)
    .pluck();
  const settledSynthetic = db
    .prepare<[number], number>(
      `SELECT count(DISTINCT image_id) FROM ${PAIRS} WHERE run_id = ? AND role = 'synthetic' AND settles`,
    )
    .pluck();
  const lastSeq = db.prepare<[], { release: number; decision: number }>(
    `SELECT (SELECT coalesce(max(seq), 0) FROM release) AS release, (SELECT coalesce(max(seq), 0) FROM decision) AS decision`,
  );
  // The body is canonical JSON, so that its keys are sorted.
  const verdicts = db.prepare<[], HeldRow>(
    `SELECT v.image_id AS imageId, v.decision_id AS decisionId, v.verdict, l.name AS label, v.reason, v.reviewer, v.at,
       v.boxed, d.spread = 0 AND d.seq NOT IN (
         SELECT seq FROM event WHERE kind = 'decisions.made' AND substr(body, 1, 17) = '{"context":"view"') AS seen
     FROM verdict v JOIN decision d ON d.id = v.decision_id LEFT JOIN label l ON l.id = v.label_id`,
  );
  const releases = db.prepare<
    [],
    {
      id: number;
      at: string;
      by: string;
      format: string;
      folder: string;
      images: number;
      manifestSha256: string;
      options: string;
      seq: number;
    }
  >(
    `SELECT r.id, e.at, e.actor AS "by", r.format, r.folder, r.images, r.manifest_sha256 AS manifestSha256, r.options,
       r.seq
     FROM release r JOIN event e ON e.seq = r.seq ORDER BY r.id DESC`,
  );
  return {
    /** Changes whenever files or batches are added. */
    newestFile: (): string => newestFile.get() ?? '',
    /** Distinct splits, at most `most`. */
    splits: (most: number): string[] => splits.all(most),
    /** Distinct splits of the images of these roles. */
    splitsOf: (roles: readonly Role[]): string[] => splitsOf.all(JSON.stringify(roles)),
    /** Images whose home file has boxes. */
    boxed: (): number[] => boxed.all(),
    /** All images, and those whose home file has boxes. */
    annotated: () => annotated.get()!,
    /** Files whose bytes were already known, by their batch and the role of the image's home file. */
    copies: () => copies.all(),
    /** Images of the newest queue and decided ones of older queues, by batch, and how many of them are decided. */
    queued: () => queued.all(),
    /** Images relabelled or rejected, by batch. */
    changed: () => changed.all(),
    /** Images that a run's findings exclude without review. */
    settled: (runId: number): number => settled.get(runId) ?? 0,
    /** Synthetic ones of them. */
    settledSynthetic: (runId: number): number => settledSynthetic.get(runId) ?? 0,
    /** Events of the last release and the last decision; 0 for none. */
    lastSeqs: () => lastSeq.get() ?? { release: 0, decision: 0 },
    /** The verdict that holds for every decided image. */
    verdicts: () => verdicts.all(),
    /** Every release with who made it, the newest first. */
    releases: () => releases.all(),
  };
}

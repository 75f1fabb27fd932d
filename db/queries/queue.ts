import type { Database } from 'better-sqlite3';

export interface QueueRow {
  id: number;
  runId: number;
  policy: string;
  seed: number;
  frame: number;
  rest: number;
  audited: number;
  seq: number;
}

/** A queued image with what a reviewer needs to find it. */
export interface QueueItemRow {
  position: number;
  imageId: number;
  sha256: string;
  path: string;
  root: string;
  batch: string;
  givenLabel: string | null;
  stratum: string;
  /** JSON array of sentences. */
  reasons: string;
  priority: string;
  inclusionProbability: string;
  verdict: string | null;
}

const QUEUE = 'id, run_id AS runId, policy, seed, frame, rest, audited, seq';

export function queueQueries(db: Database) {
  const insert = db.prepare<Omit<QueueRow, 'id'>>(
    `INSERT INTO queue (run_id, policy, seed, frame, rest, audited, seq)
     VALUES (@runId, @policy, @seed, @frame, @rest, @audited, @seq)`,
  );
  const insertItem = db.prepare<[number, number, number, string, string, string, string]>(
    `INSERT INTO queue_item (queue_id, position, image_id, stratum, reasons, priority, inclusion_probability)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertMember = db.prepare<[number, number, number]>(
    'INSERT INTO queue_group (queue_id, position, image_id) VALUES (?, ?, ?)',
  );
  const last = db.prepare<[], QueueRow>(`SELECT ${QUEUE} FROM queue ORDER BY id DESC LIMIT 1`);
  const byId = db.prepare<[number], QueueRow>(`SELECT ${QUEUE} FROM queue WHERE id = ?`);
  const items = db.prepare<[number], QueueItemRow>(
    `SELECT q.position, q.image_id AS imageId, i.sha256, f.path, b.root, b.name AS batch, l.name AS givenLabel,
       q.stratum, q.reasons, q.priority, q.inclusion_probability AS inclusionProbability, v.verdict
     FROM queue_item q JOIN image i ON i.id = q.image_id JOIN file f ON f.id = i.home_file_id
       JOIN batch b ON b.id = f.batch_id LEFT JOIN label l ON l.id = f.label_id
       LEFT JOIN verdict v ON v.image_id = q.image_id
     WHERE q.queue_id = ? ORDER BY q.position`,
  );
  const members = db.prepare<[number], { position: number; sha256: string; path: string }>(
    `SELECT g.position, i.sha256, f.path FROM queue_group g JOIN image i ON i.id = g.image_id
       JOIN file f ON f.id = i.home_file_id
     WHERE g.queue_id = ? ORDER BY g.position, i.id`,
  );
  const strata = db.prepare<[number], { stratum: string; items: number; decided: number; changed: number }>(
    `SELECT q.stratum, count(*) AS items, count(v.verdict) AS decided,
       count(CASE WHEN v.verdict IN ('relabel', 'reject') THEN 1 END) AS changed
     FROM queue_item q LEFT JOIN verdict v ON v.image_id = q.image_id
     WHERE q.queue_id = ? GROUP BY q.stratum ORDER BY min(q.position)`,
  );
  // A skipped audit item is an answer that says nothing good: the bound counts it as an error.
  const audit = db.prepare<[number], { answered: number; wrong: number; skipped: number }>(
    `SELECT count(v.verdict) AS answered,
       count(CASE WHEN v.verdict IN ('relabel', 'reject') THEN 1 END) AS wrong,
       count(CASE WHEN v.verdict IS NULL AND EXISTS (SELECT 1 FROM decision d
         WHERE d.image_id = q.image_id AND d.verdict = 'skip'
           AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)) THEN 1 END) AS skipped
     FROM queue_item q LEFT JOIN verdict v ON v.image_id = q.image_id
     WHERE q.queue_id = ? AND q.stratum = 'audit'`,
  );
  return {
    insert: (row: Omit<QueueRow, 'id'>): number => Number(insert.run(row).lastInsertRowid),
    insertItem: (
      queueId: number,
      position: number,
      imageId: number,
      item: { stratum: string; reasons: string; priority: string; inclusionProbability: string },
    ): void =>
      void insertItem.run(
        queueId,
        position,
        imageId,
        item.stratum,
        item.reasons,
        item.priority,
        item.inclusionProbability,
      ),
    insertMember: (queueId: number, position: number, imageId: number): void =>
      void insertMember.run(queueId, position, imageId),
    last: () => last.get(),
    byId: (id: number) => byId.get(id),
    items: (queueId: number): QueueItemRow[] => items.all(queueId),
    members: (queueId: number) => members.all(queueId),
    strata: (queueId: number) => strata.all(queueId),
    audit: (queueId: number) => audit.get(queueId) ?? { answered: 0, wrong: 0, skipped: 0 },
  };
}

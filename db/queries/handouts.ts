import type { Database } from 'better-sqlite3';
import type { Pictures } from '../../rpc/contract/terms.ts';

export interface NewHandout {
  /** UUID. */
  handout: string;
  queue: number;
  reviewer: string;
  pictures: Pictures;
  /** UTC; null where it never expires. */
  expires: string | null;
  /** Its own record when it was made. */
  events: number;
  head: string;
  seq: number;
}

export interface HandoutRow extends NewHandout {
  /** Its own record as far as answers of it were taken. */
  takenEvents: number;
  takenHead: string;
  takenSeq: number | null;
  recalledSeq: number | null;
  at: string;
  by: string;
  recalledAt: string | null;
}

/** Hand-outs to reviewers on other machines. */
export function handoutQueries(db: Database) {
  const ROW = `SELECT h.id AS handout, h.queue_id AS queue, h.reviewer, h.pictures, h.expires, h.events, h.head, h.seq,
    h.taken_events AS takenEvents, h.taken_head AS takenHead, h.taken_seq AS takenSeq, h.recalled_seq AS recalledSeq,
    e.at, e.actor AS "by", (SELECT r.at FROM event r WHERE r.seq = h.recalled_seq) AS recalledAt
    FROM handout h JOIN event e ON e.seq = h.seq`;
  const insert = db.prepare<NewHandout>(
    `INSERT INTO handout (id, queue_id, reviewer, pictures, expires, events, head, taken_events, taken_head, seq)
     VALUES (@handout, @queue, @reviewer, @pictures, @expires, @events, @head, @events, @head, @seq)`,
  );
  const insertItem = db.prepare<[string, number, number, number | null]>(
    'INSERT INTO handout_item (handout_id, position, image_id, label_id) VALUES (?, ?, ?, ?)',
  );
  const insertAnswer = db.prepare<[string, number, number]>(
    'INSERT INTO handout_answer (handout_id, number, decision_id) VALUES (?, ?, ?)',
  );
  const take = db.prepare<[number, string, number, string]>(
    'UPDATE handout SET taken_events = ?, taken_head = ?, taken_seq = ? WHERE id = ?',
  );
  const recall = db.prepare<[number, string]>('UPDATE handout SET recalled_seq = ? WHERE id = ?');
  const all = db.prepare<[], HandoutRow>(`${ROW} ORDER BY h.seq DESC`);
  const byId = db.prepare<[string], HandoutRow>(`${ROW} WHERE h.id = ?`);
  const items = db.prepare<[string], { imageId: number; labelId: number | null }>(
    'SELECT image_id AS imageId, label_id AS labelId FROM handout_item WHERE handout_id = ? ORDER BY position',
  );
  const answers = db.prepare<
    [string],
    { number: number; decisionId: number; imageId: number; undone: 0 | 1 }
  >(
    `SELECT a.number, a.decision_id AS decisionId, d.image_id AS imageId,
       EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id) AS undone
     FROM handout_answer a JOIN decision d ON d.id = a.decision_id WHERE a.handout_id = ? ORDER BY a.number`,
  );
  const answered = db
    .prepare<[string], number>(
      `SELECT count(DISTINCT d.image_id) FROM handout_answer a JOIN decision d ON d.id = a.decision_id
       WHERE a.handout_id = ? AND (d.verdict IN ('accept', 'relabel', 'reject') OR d.flagged = 1)
         AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)`,
    )
    .pluck();
  const asked = db.prepare<
    [number],
    { handout: string; imageId: number; reviewer: string; expires: string | null }
  >(
    `SELECT h.id AS handout, i.image_id AS imageId, h.reviewer, h.expires FROM handout h JOIN handout_item i ON i.handout_id = h.id
     WHERE h.queue_id = ? AND h.recalled_seq IS NULL`,
  );
  return {
    insert: (row: NewHandout): void => void insert.run(row),
    insertItem: (handout: string, position: number, imageId: number, labelId: number | null): void =>
      void insertItem.run(handout, position, imageId, labelId),
    insertAnswer: (handout: string, number: number, decisionId: number): void =>
      void insertAnswer.run(handout, number, decisionId),
    /** Says how far its record was looked at; false where there is no such hand-out. */
    take: (handout: string, events: number, head: string, seq: number): boolean =>
      take.run(events, head, seq, handout).changes > 0,
    /** False where there is no such hand-out. */
    recall: (handout: string, seq: number): boolean => recall.run(seq, handout).changes > 0,
    /** Newest first. */
    all: (): HandoutRow[] => all.all(),
    byId: (handout: string) => byId.get(handout),
    /** What it holds, in its order, gold items among them. */
    items: (handout: string) => items.all(handout),
    /** What was taken of it, by its own numbers. */
    answers: (handout: string) => answers.all(handout),
    /** How many of its items have an answer that was taken. */
    answered: (handout: string): number => answered.get(handout) ?? 0,
    /** Who was asked about which image of a queue by a hand-out that was not recalled. */
    asked: (queueId: number) => asked.all(queueId),
  };
}

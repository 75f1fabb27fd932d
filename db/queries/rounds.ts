import type { Database } from 'better-sqlite3';

export interface NewRound {
  name: string;
  mixSha256: string;
  model: string | null;
  modelSha256: string | null;
  realImages: number;
  newRealImages: number;
  realShare: number;
  /** JSON. */
  holdout: string | null;
  seq: number;
}

export interface RoundRow extends NewRound {
  id: number;
  at: string;
  by: string;
}

/** What was trained on which mix. */
export function roundQueries(db: Database) {
  const insert = db.prepare<NewRound>(
    `INSERT INTO training_round
       (name, mix_sha256, model, model_sha256, real_images, new_real_images, real_share, holdout, seq)
     VALUES (@name, @mixSha256, @model, @modelSha256, @realImages, @newRealImages, @realShare, @holdout, @seq)`,
  );
  const all = db.prepare<[], RoundRow>(
    `SELECT r.id, r.name, r.mix_sha256 AS mixSha256, r.model, r.model_sha256 AS modelSha256, r.real_images AS realImages,
       r.new_real_images AS newRealImages, r.real_share AS realShare, r.holdout, r.seq, e.at, e.actor AS "by"
     FROM training_round r JOIN event e ON e.seq = r.seq ORDER BY r.id`,
  );
  const realSince = db
    .prepare<[string], number>(
      `SELECT min(f.added_seq) FROM image i JOIN file f ON f.image_id = i.id JOIN batch b ON b.id = f.batch_id
       WHERE i.sha256 = ? AND b.role = 'real'`,
    )
    .pluck();
  const newestReal = db
    .prepare<[], string | null>(
      `SELECT at FROM event WHERE seq =
         (SELECT max(f.added_seq) FROM file f JOIN batch b ON b.id = f.batch_id WHERE b.role = 'real')`,
    )
    .pluck();
  return {
    insert: (row: NewRound): void => void insert.run(row),
    /** In the order of their events. */
    all: () => all.all(),
    /** The event that first brought an image as a real one; null of one that none did. */
    realSince: (sha256: string): number | null => realSince.get(sha256) ?? null,
    /** When a real file was imported last. */
    newestReal: (): string | null => newestReal.get() ?? null,
  };
}

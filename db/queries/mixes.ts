import type { Database } from 'better-sqlite3';

export interface MixPolicyRow {
  target: number;
  floor: number;
  /** JSON. */
  generations: string | null;
  unreviewed: 0 | 1;
  seq: number;
}

/** A release that is a mix. */
export interface MixRow {
  id: number;
  folder: string;
  manifestSha256: string;
  /** JSON of how it is mixed, as in its event. */
  mix: string;
  at: string;
  by: string;
  seq: number;
}

/** How images may be mixed for training, and how they were. */
export function mixQueries(db: Database) {
  const policy = db.prepare<[], MixPolicyRow>(
    'SELECT target, floor, generations, unreviewed, seq FROM mix_policy',
  );
  const putPolicy = db.prepare<MixPolicyRow>(
    `INSERT OR REPLACE INTO mix_policy (id, target, floor, generations, unreviewed, seq)
     VALUES (1, @target, @floor, @generations, @unreviewed, @seq)`,
  );
  const all = db.prepare<[], MixRow>(
    `SELECT r.id, r.folder, r.manifest_sha256 AS manifestSha256, r.mix, e.at, e.actor AS "by", r.seq
     FROM release r JOIN event e ON e.seq = r.seq WHERE r.mix IS NOT NULL ORDER BY r.id DESC`,
  );
  const isKnown = db
    .prepare<[string], number>('SELECT 1 FROM release WHERE mix IS NOT NULL AND manifest_sha256 = ?')
    .pluck();
  return {
    /** Whether a mix with this manifest is on record. Reads no event, so that a replay can ask. */
    isKnown: (manifestSha256: string): boolean => isKnown.get(manifestSha256) !== undefined,
    /** Every mix, the newest first. */
    all: () => all.all(),
    /** Undefined until somebody sets one. */
    policy: () => policy.get(),
    putPolicy: (row: MixPolicyRow): void => void putPolicy.run(row),
  };
}

import type { Database } from 'better-sqlite3';

export interface MixPolicyRow {
  target: number;
  floor: number;
  /** JSON. */
  generations: string | null;
  unreviewed: 0 | 1;
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
  return {
    /** Undefined until somebody sets one. */
    policy: () => policy.get(),
    putPolicy: (row: MixPolicyRow): void => void putPolicy.run(row),
  };
}

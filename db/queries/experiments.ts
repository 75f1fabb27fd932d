import type { Database } from 'better-sqlite3';

export interface NewExperiment {
  digest: string;
  /** JSON. */
  results: string;
  /** Of the predictions of an own network; null of a run here. */
  name: string | null;
  sha256: string | null;
  seq: number;
}

export interface ExperimentRow extends NewExperiment {
  id: number;
  at: string;
  by: string;
}

/** What ratios of real to synthetic images were measured to give. */
export function experimentQueries(db: Database) {
  const insert = db.prepare<NewExperiment>(
    `INSERT INTO experiment (digest, results, name, sha256, seq) VALUES (@digest, @results, @name, @sha256, @seq)`,
  );
  const all = db.prepare<[], ExperimentRow>(
    `SELECT x.id, x.digest, x.results, x.name, x.sha256, x.seq, e.at, e.actor AS "by"
     FROM experiment x JOIN event e ON e.seq = x.seq ORDER BY x.id DESC`,
  );
  return {
    insert: (row: NewExperiment): void => void insert.run(row),
    /** The newest first. */
    all: () => all.all(),
  };
}

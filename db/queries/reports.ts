import type { Database } from 'better-sqlite3';
import type { PairCertainty, Role } from '../../rpc/contract/terms.ts';
import type { Alteration } from '../../rpc/contract/alteration.ts';
import { PAIRS, STANDS } from './copies.ts';
import { withAlteration, type Stored } from './scores.ts';

/** The subject of stored measures. */
export interface MeasuresKey {
  run: number;
  batch: number;
  /** The batch compared with; 0 for none. */
  against: number;
  seed: number;
}

/** What is kept of a batch against the real images, whatever became of either since. */
interface KeptMeasures {
  batchId: number;
  /** Images of the batch, and real ones, when it was measured. */
  images: number;
  real: number;
  /** JSON. */
  measures: string;
}

/** Number of images of a batch with the same label and outcome. */
export interface CompositionRow {
  batchId: number;
  role: Role;
  givenId: number | null;
  verdict: 'accept' | 'relabel' | 'reject' | null;
  labelId: number | null;
  /** Whether a rule excludes them. */
  settled: 0 | 1;
  images: number;
}

/** An image of a batch and the real image that it is a copy of. */
export interface ConfirmedCopy {
  sha256: string;
  path: string;
  realSha256: string;
  realPath: string;
  certainty: PairCertainty;
  alteration: Alteration | null;
}

/** A file of a batch with the bytes of a real image. */
interface SameFile {
  sha256: string;
  path: string;
  realPath: string;
}

/** Measures of batches, one JSON text each, and counts for reports. */
export function reportQueries(db: Database) {
  const put = db.prepare<[number, number, number, number, string, string]>(
    `INSERT OR REPLACE INTO batch_measures (run_id, batch_id, against_id, seed, basis, measures)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const get = db
    .prepare<[string, number, number, number, string], string>(
      `SELECT measures FROM batch_measures
       WHERE run_id IN (SELECT id FROM run WHERE model = ?) AND batch_id = ? AND against_id = ? AND seed = ? AND basis = ?
       LIMIT 1`,
    )
    .pluck();
  const isMeasured = db
    .prepare<[string, number, number], number>(
      `SELECT 1 FROM batch_measures
       WHERE run_id IN (SELECT id FROM run WHERE model = ?) AND batch_id = ? AND against_id = 0 AND seed = ? LIMIT 1`,
    )
    .pluck();
  const kept = db.prepare<[string, number, string], KeptMeasures>(
    `SELECT m.batch_id AS batchId, m.measures ->> '$.images' AS images, m.measures ->> '$.real' AS real,
       m.measures -> '$.measures' AS measures
     FROM batch_measures m JOIN run r ON r.id = m.run_id
     WHERE r.model = ? AND m.seed = ? AND m.against_id = 0 AND m.basis LIKE ? || ' %' ORDER BY m.run_id`,
  );
  const composition = db.prepare<[number], CompositionRow>(
    `SELECT f.batch_id AS batchId, b.role, f.label_id AS givenId, v.verdict, v.label_id AS labelId,
       EXISTS (SELECT 1 FROM ${PAIRS} g WHERE g.run_id = ? AND g.image_id = i.id AND g.settles) AS settled,
       count(*) AS images
     FROM image i JOIN file f ON f.id = i.home_file_id JOIN batch b ON b.id = f.batch_id
       LEFT JOIN verdict v ON v.image_id = i.id
     GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 3, 4, 5, 6`,
  );
  const copies = db.prepare<[number, number, number], Stored<ConfirmedCopy>>(
    `SELECT sha256, path, other_sha256 AS realSha256, other_path AS realPath, certainty, alteration
     FROM ${PAIRS} WHERE run_id = ? AND batch_id = ? AND rule = 'seed-copy' AND ${STANDS}
     ORDER BY similarity DESC, image_id LIMIT ?`,
  );
  const copied = db.prepare<[number, number], { images: number; of: number }>(
    `SELECT count(*) AS "of", coalesce(sum(hb.role = 'real' OR EXISTS (
       SELECT 1 FROM ${PAIRS} g WHERE g.run_id = ? AND g.image_id = i.id AND g.rule = 'seed-copy' AND ${STANDS})), 0) AS images
     FROM file f JOIN image i ON i.id = f.image_id JOIN file h ON h.id = i.home_file_id
       JOIN batch hb ON hb.id = h.batch_id
     WHERE f.batch_id = ?`,
  );
  const holdout = db.prepare<[number], { right: 0 | 1; probability: number }>(
    `SELECT p.label_id = f.label_id AS "right", p.probability
     FROM batch b JOIN file f ON f.batch_id = b.id JOIN image i ON i.home_file_id = f.id
       JOIN prediction p ON p.run_id = ? AND p.image_id = i.id
     WHERE b.role = 'holdout' AND f.label_id IS NOT NULL ORDER BY i.id`,
  );
  const sameFiles = db.prepare<[number, number], SameFile>(
    `SELECT i.sha256, f.path, h.path AS realPath
     FROM file f JOIN image i ON i.id = f.image_id JOIN file h ON h.id = i.home_file_id
       JOIN batch hb ON hb.id = h.batch_id
     WHERE f.batch_id = ? AND hb.role = 'real' ORDER BY f.id LIMIT ?`,
  );
  return {
    put: ({ run, batch, against, seed }: MeasuresKey, basis: string, measures: string): void =>
      void put.run(run, batch, against, seed, basis, measures),
    /** Of any run with the model. Undefined if there is none, or only one of another basis. */
    get: ({ model, batch, against, seed }: Omit<MeasuresKey, 'run'> & { model: string }, basis: string) =>
      get.get(model, batch, against, seed, basis),
    /** Whether there is one of a batch against the real images, of whatever basis. */
    isMeasured: (model: string, batch: number, seed: number): boolean =>
      isMeasured.get(model, batch, seed) !== undefined,
    /** Measures of batches against the real images with a model, of one edition, the oldest run first. */
    kept: (model: string, seed: number, edition: number): KeptMeasures[] =>
      kept.all(model, seed, String(edition)),
    /** Images by batch, label and outcome; a run's findings tell which ones rules exclude. */
    composition: (run: number): CompositionRow[] => composition.all(run),
    /** Images of a batch that a run confirmed on pixels as copies of real ones, the most similar first. */
    copies: (run: number, batch: number, most: number): ConfirmedCopy[] =>
      copies.all(run, batch, most).map(withAlteration),
    /** Files of a batch that are real images by their bytes. */
    sameFiles: (batch: number, most: number) => sameFiles.all(batch, most),
    /** How many images of a batch show a real one: by the same bytes, or as a run found. */
    copied: (run: number, batch: number) => copied.get(run, batch)!,
    /** Predictions of a run for the labelled hold-out images: whether right, and with what probability. */
    holdout: (run: number) => holdout.all(run),
  };
}

import type { Database } from 'better-sqlite3';
import { FIELD_IDS } from '../../rpc/contract/fields.ts';
import type { HistoryEntry, ImageDetail } from '../../rpc/contract/images.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { PAIRS } from './copies.ts';
import { withAlteration, type Stored } from './scores.ts';
import { FIELD_TABLES, fieldValues } from './fields.ts';

type Metadata = ImageDetail['metadata'];

export interface NeighbourRow {
  id: number;
  sha256: string;
  path: string;
  label: string | null;
  role: Role;
}

const FOUND = `rule, certainty, answer, similarity, alteration`;

/** All details of one image that a window shows. */
export function imageDetailQueries(db: Database) {
  const files = db.prepare<[number], ImageDetail['files'][number]>(
    `SELECT b.name AS batch, b.role, f.path, l.name AS label, f.split
     FROM file f JOIN batch b ON b.id = f.batch_id JOIN image i ON i.id = f.image_id
       LEFT JOIN label l ON l.id = f.label_id
     WHERE f.image_id = ? ORDER BY f.id <> i.home_file_id, f.id`,
  );
  const flags = db.prepare<
    [number, number, number, number],
    Omit<Stored<ImageDetail['flags'][number]>, 'isCopy'> & { isCopy: 0 | 1 }
  >(
    `SELECT ${FOUND}, 1 AS isCopy, other_sha256 AS sha256, other_path AS path, other_batch AS batch FROM ${PAIRS}
     WHERE run_id = ? AND image_id = ?
     UNION ALL
     SELECT ${FOUND}, 0, sha256, path, batch FROM ${PAIRS} WHERE run_id = ? AND other_image_id = ? LIMIT 200`,
  );
  const queued = db.prepare<[number], { queue: number; position: number; stratum: string; reasons: string }>(
    `SELECT queue_id AS queue, position, stratum, reasons FROM queue_item
     WHERE queue_id = (SELECT max(id) FROM queue) AND image_id = ?`,
  );
  const metadata = db.prepare<[number], Omit<Metadata, 'hasC2pa'> & { hasC2pa: 0 | 1 | null }>(
    `SELECT ${fieldValues(FIELD_IDS)}, g.tool, g.raw, g.digital_source_type AS digitalSourceType,
       g.has_c2pa AS hasC2pa
     FROM image i ${FIELD_TABLES} WHERE i.id = ?`,
  );
  const history = db.prepare<
    [number],
    Omit<HistoryEntry, 'undone' | 'flagged'> & { undone: 0 | 1; flagged: 0 | 1 }
  >(
    `SELECT d.seq, d.at, d.reviewer AS "by", d.verdict, l.name AS label, d.reason, d.comment, d.flagged, d.grid, d.purpose,
       EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id) AS undone
     FROM decision d LEFT JOIN label l ON l.id = d.label_id WHERE d.image_id = ? ORDER BY d.id`,
  );
  const named = db.prepare<[string], NeighbourRow>(
    `SELECT i.id, i.sha256, f.path, l.name AS label, b.role
     FROM json_each(?) j JOIN image i ON i.id = j.value JOIN file f ON f.id = i.home_file_id
       JOIN batch b ON b.id = f.batch_id LEFT JOIN label l ON l.id = f.label_id ORDER BY j.key`,
  );
  const models = db.prepare<[], string>('SELECT model FROM embedding ORDER BY rowid DESC LIMIT 1').pluck();
  const embeddings = db
    .prepare<[string, number, number, number], [number, Uint8Array]>(
      'SELECT image_id, vector FROM embedding WHERE model = ? AND image_id > ? AND image_id <= ? LIMIT ?',
    )
    .raw();
  return {
    /** Every file of the image, its home first. */
    files: (imageId: number) => files.all(imageId),
    /** Findings about it or naming it, at most 200. */
    flags: (run: number, imageId: number): ImageDetail['flags'] =>
      flags
        .all(run, imageId, run, imageId)
        .map((row) => withAlteration({ ...row, isCopy: row.isCopy === 1 })),
    /** Its place in the newest queue. */
    queued: (imageId: number) => queued.get(imageId),
    /** How it was generated: its fields, and the origin marks in its bytes. */
    metadata: (imageId: number): Metadata => {
      const row = metadata.get(imageId)!;
      return { ...row, hasC2pa: row.hasC2pa === 1 };
    },
    /** Every entry about it, oldest first. */
    history: (imageId: number): HistoryEntry[] =>
      history
        .all(imageId)
        .map((entry) => ({ ...entry, undone: entry.undone === 1, flagged: entry.flagged === 1 })),
    /** Images by number, in the given order. */
    named: (imageIds: number[]) => named.all(JSON.stringify(imageIds)),
    /** The model of the newest embedding, or undefined. */
    newestModel: () => models.get(),
    /** Vectors of a model after one image number, up to and including another. */
    embeddings: (model: string, after: number, upTo: number, most = -1) =>
      embeddings.all(model, after, upTo, most),
  };
}

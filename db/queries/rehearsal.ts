import type { Database } from 'better-sqlite3';

/** A copy of an image with a fault put in, as it was measured. */
export interface SpoiltRow {
  model: string;
  /** Of the run that made it. */
  seed: number;
  imageId: number;
  family: string;
  /** JSON of the measures of its pixels. */
  pixels: string;
  signature: Uint8Array;
  /** Little-endian float32 bytes. */
  vector: Uint8Array;
  patches: Uint8Array | null;
}

/** Measures of spoilt copies, kept so that another run does not make them again. Derived; deletable. */
export function rehearsalQueries(db: Database) {
  const insert = db.prepare<SpoiltRow>(
    `INSERT OR IGNORE INTO spoilt_copy (model, seed, image_id, family, pixels, signature, vector, patches)
     VALUES (@model, @seed, @imageId, @family, @pixels, @signature, @vector, @patches)`,
  );
  const of = db.prepare<[string, number, number, string], SpoiltRow>(
    `SELECT model, seed, image_id AS imageId, family, pixels, signature, vector, patches FROM spoilt_copy
     WHERE model = ? AND seed = ? AND image_id = ? AND family = ?`,
  );
  return {
    insert: (row: SpoiltRow): void => void insert.run(row),
    of: (model: string, seed: number, imageId: number, family: string) =>
      of.get(model, seed, imageId, family),
  };
}

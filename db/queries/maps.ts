import type { Database } from 'better-sqlite3';

/** The properties of a point on a map. */
export interface PointRow {
  id: number;
  role: 'real' | 'holdout' | 'synthetic';
  labelId: number | null;
}

/** The data of the maps, in half-open ranges of image numbers: after, up to and including. */
export function mapQueries(db: Database) {
  const embedded = db.prepare<[], { model: string; images: number }>(
    'SELECT model, count(*) AS images FROM embedding GROUP BY model ORDER BY images DESC, model',
  );
  const vectors = db
    .prepare<[string, number, number], [number, Uint8Array]>(
      'SELECT image_id, vector FROM embedding WHERE model = ? AND image_id > ? AND image_id <= ? ORDER BY image_id',
    )
    .raw();
  const ids = db
    .prepare<[string], number>('SELECT image_id FROM embedding WHERE model = ? ORDER BY image_id')
    .pluck();
  const vector = db
    .prepare<[string, number], Uint8Array>('SELECT vector FROM embedding WHERE model = ? AND image_id = ?')
    .pluck();
  const points = db
    .prepare<[number, number], [number, PointRow['role'], number | null]>(
      `SELECT i.id, b.role, f.label_id FROM image i JOIN file f ON f.id = i.home_file_id
         JOIN batch b ON b.id = f.batch_id WHERE i.id > ? AND i.id <= ? ORDER BY i.id`,
    )
    .raw();
  const verdicts = db
    .prepare<[], [number, 'accept' | 'relabel' | 'reject']>('SELECT image_id, verdict FROM verdict')
    .raw();
  return {
    /** Models with their number of embedded images, the largest first. */
    embedded: () => embedded.all(),
    /** Numbers of the images that a model has embedded. */
    ids: (model: string): number[] => ids.all(model),
    /** Image numbers of a range with their vectors, little-endian float32 bytes. */
    vectors: (model: string, after: number, upTo: number) => vectors.all(model, after, upTo),
    vector: (model: string, imageId: number) => vector.get(model, imageId),
    /** Image, role and given label of a range, from the home files. */
    points: (after: number, upTo: number) => points.all(after, upTo),
    /** Every image that is decided. */
    verdicts: () => verdicts.all(),
  };
}

import type { Database } from 'better-sqlite3';

/** How odd each part of an image is, a byte per patch, in rows of `columns` (core/measure/facts/patches.ts). */
export interface ArtefactMap {
  columns: number;
  cells: Uint8Array;
}

/** Packed features of images' patches, and the maps that a run made of them. Derived; deletable. */
export function patchQueries(db: Database) {
  const insert = db.prepare<[string, number, Uint8Array]>(
    'INSERT OR IGNORE INTO patches (model, image_id, features) VALUES (?, ?, ?)',
  );
  const ofImage = db
    .prepare<[string, number], Uint8Array>('SELECT features FROM patches WHERE model = ? AND image_id = ?')
    .pluck();
  const has = db
    .prepare<[string, number], 1>('SELECT 1 FROM patches WHERE model = ? AND image_id = ?')
    .pluck();
  const without = db
    .prepare<[string, string, number], number>(
      `SELECT i.id FROM image i
       LEFT JOIN embedding e ON e.model = ? AND e.image_id = i.id
       LEFT JOIN patches p ON p.model = ? AND p.image_id = i.id
       WHERE (e.image_id IS NULL OR p.image_id IS NULL) AND i.id > ? ORDER BY i.id LIMIT 1000`,
    )
    .pluck();
  const count = db.prepare<[string], number>('SELECT count(*) FROM patches WHERE model = ?').pluck();
  const insertMap = db.prepare<[number, number, number, Uint8Array]>(
    'INSERT OR REPLACE INTO artefact_map (run_id, image_id, columns, cells) VALUES (?, ?, ?, ?)',
  );
  const map = db.prepare<[number, number], ArtefactMap>(
    'SELECT columns, cells FROM artefact_map WHERE run_id = ? AND image_id = ?',
  );
  return {
    insert: (model: string, imageId: number, features: Uint8Array): void =>
      void insert.run(model, imageId, features),
    /** As packed, or undefined where this model kept none of the image. */
    of: (model: string, imageId: number) => ofImage.get(model, imageId),
    has: (model: string, imageId: number): boolean => has.get(model, imageId) !== undefined,
    /** How many images have some. */
    count: (model: string): number => count.get(model)!,
    /** The next ids, at most 1,000, of images that lack the model's vector or its patches. */
    without: (model: string, afterId: number): number[] => without.all(model, model, afterId),
    insertMap: (run: number, imageId: number, { columns, cells }: ArtefactMap): void =>
      void insertMap.run(run, imageId, columns, cells),
    map: (run: number, imageId: number) => map.get(run, imageId),
  };
}

import type { Database } from 'better-sqlite3';

/** What a run says of one object of an image. */
export interface VerdictRow {
  imageId: number;
  /** In the image's home file. */
  position: number;
  chance: number;
  fault: string;
  labelId: number | null;
  confidence: number | null;
  /** Where it is, for what is missing: JSON of left, top, width, height as shares of the picture. */
  area: string | null;
}

/** Where a vector belongs: an object of a file, as given ('') or with a fault put into its box. */
export interface ObjectKey {
  fileId: number;
  position: number;
  variant: string;
}

export interface HomeFile {
  id: number;
  /** Whether its dataset says which objects it shows, be it that there are none. */
  boxed: 0 | 1;
}

/** Vectors of objects' crops, and what runs say of objects. Derived. */
export function objectQueries(db: Database) {
  const home = db.prepare<[number], HomeFile>(
    'SELECT f.id, f.boxed FROM image i JOIN file f ON f.id = i.home_file_id WHERE i.id = ?',
  );
  const vector = db
    .prepare<[string, number, number, string], Uint8Array>(
      'SELECT vector FROM object_vector WHERE model = ? AND file_id = ? AND position = ? AND variant = ?',
    )
    .pluck();
  const insertVector = db.prepare<[string, number, number, string, Uint8Array]>(
    'INSERT OR IGNORE INTO object_vector (model, file_id, position, variant, vector) VALUES (?, ?, ?, ?, ?)',
  );
  const insertVerdict = db.prepare<VerdictRow & { runId: number }>(
    `INSERT INTO object_verdict (run_id, image_id, position, chance, fault, label_id, confidence, area)
     VALUES (@runId, @imageId, @position, @chance, @fault, @labelId, @confidence, @area)`,
  );
  const verdicts = db.prepare<[number, number], VerdictRow>(
    `SELECT image_id AS imageId, position, chance, fault, label_id AS labelId, confidence, area FROM object_verdict
     WHERE run_id = ? AND image_id = ? ORDER BY position`,
  );
  const anyBoxes = db.prepare<[], 1>('SELECT 1 FROM box LIMIT 1').pluck();
  const vectorCount = db.prepare<[], number>('SELECT count(*) FROM object_vector').pluck();
  const realOfClass = db.prepare<[string, number], { imageId: number; fileId: number; position: number }>(
    `SELECT i.id AS imageId, b.file_id AS fileId, b.position FROM box b
     JOIN image i ON i.home_file_id = b.file_id JOIN file f ON f.id = b.file_id JOIN batch s ON s.id = f.batch_id
     JOIN object_vector v ON v.model = ? AND v.file_id = b.file_id AND v.position = b.position AND v.variant = ''
     WHERE s.role = 'real' AND b.label_id = ? ORDER BY b.file_id, b.position`,
  );
  return {
    /** Real objects of a class whose crops a model has seen. */
    realOfClass: (model: string, labelId: number) => realOfClass.all(model, labelId),
    /** Vectors of crops, of all models. */
    vectorCount: (): number => vectorCount.get()!,
    /** Whether any file of the project has boxes. */
    any: (): boolean => anyBoxes.get() !== undefined,
    /** The file whose boxes are an image's. */
    homeFile: (imageId: number) => home.get(imageId)!,
    /** Little-endian float32 bytes, or undefined where the model has not seen the crop. */
    vector: (model: string, { fileId, position, variant }: ObjectKey) =>
      vector.get(model, fileId, position, variant),
    insertVector: (model: string, { fileId, position, variant }: ObjectKey, bytes: Uint8Array): void =>
      void insertVector.run(model, fileId, position, variant, bytes),
    insertVerdict: (runId: number, row: VerdictRow): void => void insertVerdict.run({ runId, ...row }),
    /** Of the objects of an image, in their order. */
    verdicts: (runId: number, imageId: number) => verdicts.all(runId, imageId),
  };
}

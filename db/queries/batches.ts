import type { Database } from 'better-sqlite3';
import type { Role } from '../../rpc/contract/terms.ts';

export interface BatchRow {
  id: number;
  name: string;
  role: Role;
  root: string;
  source: string;
  generator: string | null;
  generatorVersion: string | null;
  generation: number | null;
}

/** Something that the dataset of a batch has and its import did not take over. */
export interface LeftRow {
  /** A key of LEFT_KINDS. */
  kind: string;
  name: string;
  count: number;
  example: string | null;
}

export interface BatchCounts extends BatchRow {
  files: number;
  broken: number;
  parents: string[];
}

const COLUMNS = `id, name, role, root, source, generator, generator_version AS generatorVersion, generation`;

export function batchQueries(db: Database) {
  const project = db.prepare<[], { uid: string; name: string; createdAt: string; rerankAfter: number }>(
    'SELECT uid, name, created_at AS createdAt, rerank_after AS rerankAfter FROM project',
  );
  const insertProject = db.prepare<[string, string, string]>(
    'INSERT INTO project (id, uid, name, created_at) VALUES (1, ?, ?, ?)',
  );
  const setRerankAfter = db.prepare<[number]>('UPDATE project SET rerank_after = ?');
  const insert = db.prepare<Omit<BatchRow, 'id'> & { seq: number }>(
    `INSERT INTO batch (name, role, root, source, generator, generator_version, generation, created_seq)
     VALUES (@name, @role, @root, @source, @generator, @generatorVersion, @generation, @seq)`,
  );
  const insertParent = db.prepare<[number, number]>(
    'INSERT INTO batch_parent (batch_id, parent_id) VALUES (?, ?)',
  );
  const byName = db.prepare<[string], BatchRow>(`SELECT ${COLUMNS} FROM batch WHERE name = ?`);
  const all = db.prepare<[], BatchRow & { files: number; broken: number }>(
    `SELECT ${COLUMNS},
       (SELECT count(*) FROM file f WHERE f.batch_id = batch.id) AS files,
       (SELECT count(*) FROM file f WHERE f.batch_id = batch.id AND f.image_id IS NULL) AS broken
     FROM batch ORDER BY id`,
  );
  const parents = db
    .prepare<[number], string>(
      'SELECT b.name FROM batch_parent p JOIN batch b ON b.id = p.parent_id WHERE p.batch_id = ? ORDER BY b.id',
    )
    .pluck();
  const insertLabel = db.prepare<[string]>('INSERT INTO label (name) VALUES (?)');
  const labelId = db.prepare<[string], number>('SELECT id FROM label WHERE name = ?').pluck();
  const labels = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM label ORDER BY id');
  const lastLabelId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM label').pluck();
  const newestSyntheticSeq = db
    .prepare<[], number>(`SELECT coalesce(max(created_seq), 0) FROM batch WHERE role = 'synthetic'`)
    .pluck();
  const left = db.prepare<[string], LeftRow>(
    `SELECT kind, name, sum(count) AS count, min(example) AS example FROM batch_left
     WHERE batch_id IN (SELECT value FROM json_each(?)) GROUP BY kind, name ORDER BY sum(count) DESC, kind, name`,
  );
  const dropLeft = db.prepare<[number]>('DELETE FROM batch_left WHERE batch_id = ?');
  const insertLeft = db.prepare<LeftRow & { batchId: number }>(
    `INSERT INTO batch_left (batch_id, kind, name, count, example) VALUES (@batchId, @kind, @name, @count, @example)`,
  );
  return {
    project: () => project.get(),
    /** The event that created the newest synthetic batch; 0 without one. */
    newestSyntheticSeq: (): number => newestSyntheticSeq.get() ?? 0,
    insertProject: (uid: string, name: string, createdAt: string): void =>
      void insertProject.run(uid, name, createdAt),
    setRerankAfter: (answers: number): void => void setRerankAfter.run(answers),
    insert: (row: Omit<BatchRow, 'id'> & { seq: number }): number => Number(insert.run(row).lastInsertRowid),
    insertParent: (batchId: number, parentId: number): void => void insertParent.run(batchId, parentId),
    byName: (name: string) => byName.get(name),
    /** What the imports of these batches (ids) left behind together, most frequent first; faulty records among it. */
    leftBehind: (batchIds: readonly number[]): LeftRow[] => left.all(JSON.stringify(batchIds)),
    /** Replaces what a batch's import left behind. */
    replaceLeft: (batchId: number, rows: LeftRow[]): void => {
      dropLeft.run(batchId);
      for (const row of rows) insertLeft.run({ ...row, batchId });
    },
    /** Every batch with its counts and the names of its parents. */
    all: (): BatchCounts[] => all.all().map((row) => ({ ...row, parents: parents.all(row.id) })),
    /** The id of a class name, or undefined if the project has no such class. */
    labelId: (name: string) => labelId.get(name),
    /** The id of a class name, created on first use. */
    ensureLabel: (name: string): number => labelId.get(name) ?? Number(insertLabel.run(name).lastInsertRowid),
    labels: () => labels.all(),
    /** The id of the newest class name; 0 without any. */
    lastLabelId: (): number => lastLabelId.get() ?? 0,
    /** Names of the labels by id. */
    labelNames: (): Map<number, string> => new Map(labels.all().map(({ id, name }) => [id, name])),
  };
}

import type { Database } from 'better-sqlite3';
import type { Alteration } from '../../rpc/contract/alteration.ts';
import type { PairCertainty, Role, Rule } from '../../rpc/contract/terms.ts';

export interface RunRow {
  id: number;
  model: string;
  modelId: string;
  device: string;
  parameters: string;
  images: number;
  digest: string;
  seq: number;
}

export interface FlagRow {
  imageId: number;
  rule: Rule;
  otherImageId: number;
  similarity: number;
  alteration: Alteration | null;
  certainty: PairCertainty;
}

/** A row whose alteration is still JSON. */
export type Stored<Row extends { alteration: Alteration | null }> = Omit<Row, 'alteration'> & {
  alteration: string | null;
};

export function withAlteration<Row extends { alteration: Alteration | null }>(row: Stored<Row>): Row {
  return { ...row, alteration: row.alteration === null ? null : JSON.parse(row.alteration) } as Row;
}

const RUN = `id, model, model_id AS modelId, device, parameters, images, digest, seq`;

export function scoreQueries(db: Database) {
  const insertRun = db.prepare<Omit<RunRow, 'id'>>(
    `INSERT INTO run (model, model_id, device, parameters, images, digest, seq)
     VALUES (@model, @modelId, @device, @parameters, @images, @digest, @seq)`,
  );
  const run = db.prepare<[number], RunRow>(`SELECT ${RUN} FROM run WHERE id = ?`);
  const runs = db.prepare<[], RunRow>(`SELECT ${RUN} FROM run ORDER BY id`);
  const nextRun = db.prepare<[], number>('SELECT coalesce(max(id), 0) + 1 FROM run').pluck();
  const clear = [
    'score',
    'prediction',
    'flag',
    'label_model',
    'risk_simulation',
    'artefact_map',
    'object_verdict',
  ].map((table) => db.prepare<[number]>(`DELETE FROM ${table} WHERE run_id >= ?`));
  const nameId = db.prepare<[string], number>('SELECT id FROM score_name WHERE name = ?').pluck();
  const insertName = db.prepare<[string]>('INSERT INTO score_name (name) VALUES (?)');
  const names = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM score_name ORDER BY id');
  const insertScore = db.prepare<[number, number, number, number]>(
    'INSERT INTO score (run_id, score_id, image_id, value) VALUES (?, ?, ?, ?)',
  );
  const insertPrediction = db.prepare<[number, number, number, number]>(
    'INSERT INTO prediction (run_id, image_id, label_id, probability) VALUES (?, ?, ?, ?)',
  );
  const insertFlag = db.prepare<[number, number, string, number, number, string | null, string]>(
    `INSERT OR IGNORE INTO flag (run_id, image_id, rule, other_image_id, similarity, alteration, certainty)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertModel = db.prepare<[number, string]>('INSERT INTO label_model (run_id, model) VALUES (?, ?)');
  const labelModel = db.prepare<[number], string>('SELECT model FROM label_model WHERE run_id = ?').pluck();
  const insertSimulation = db.prepare<[number, string]>(
    'INSERT INTO risk_simulation (run_id, simulation) VALUES (?, ?)',
  );
  const simulation = db
    .prepare<[number], string>('SELECT simulation FROM risk_simulation WHERE run_id = ?')
    .pluck();
  const column = db.prepare<[number, string], { imageId: number; value: number }>(
    `SELECT image_id AS imageId, value FROM score WHERE run_id = ?
       AND score_id = (SELECT id FROM score_name WHERE name = ?) ORDER BY image_id`,
  );
  const ofImage = db.prepare<[number, number], { name: string; value: number }>(
    `SELECT n.name, s.value FROM score_name n CROSS JOIN score s
       ON s.run_id = ? AND s.score_id = n.id AND s.image_id = ?
     ORDER BY n.id`,
  );
  const prediction = db.prepare<[number, number], { label: string; probability: number }>(
    `SELECT l.name AS label, p.probability FROM prediction p JOIN label l ON l.id = p.label_id
     WHERE p.run_id = ? AND p.image_id = ?`,
  );
  const predictions = db.prepare<[number], { imageId: number; labelId: number; probability: number }>(
    'SELECT image_id AS imageId, label_id AS labelId, probability FROM prediction WHERE run_id = ? ORDER BY image_id',
  );
  const flagCounts = db.prepare<[number], { rule: Rule; images: number }>(
    'SELECT rule, count(*) AS images FROM flag WHERE run_id = ? GROUP BY rule',
  );
  const scoreRows = db
    .prepare<[number], [number, number, number]>(
      'SELECT score_id, image_id, value FROM score WHERE run_id = ? ORDER BY score_id, image_id',
    )
    .raw();
  const predictionRows = db
    .prepare<[number], [number, number, number]>(
      'SELECT image_id, label_id, probability FROM prediction WHERE run_id = ? ORDER BY image_id',
    )
    .raw();
  const flagRows = db
    .prepare<[number], [number, string, number, number, string | null, string | null]>(
      `SELECT image_id, rule, other_image_id, similarity, alteration, certainty
       FROM flag WHERE run_id = ? ORDER BY image_id, rule`,
    )
    .raw();
  const byClass = db.prepare<
    [number, string],
    { role: Role; labelId: number; images: number; sum: number; variance: number }
  >(
    `SELECT b.role, f.label_id AS labelId, count(*) AS images, sum(s.value) AS sum,
       sum(s.value * (1 - s.value)) AS variance
     FROM score s JOIN image i ON i.id = s.image_id JOIN file f ON f.id = i.home_file_id
       JOIN batch b ON b.id = f.batch_id
     WHERE s.run_id = ? AND s.score_id = (SELECT id FROM score_name WHERE name = ?) AND f.label_id IS NOT NULL
     GROUP BY b.role, f.label_id`,
  );
  return {
    insertRun: (row: Omit<RunRow, 'id'>): number => Number(insertRun.run(row).lastInsertRowid),
    run: (id: number) => run.get(id),
    runs: () => runs.all(),
    /** A score that is a probability, summed by role and given class; `variance` sums p (1 - p). */
    byClass: (runId: number, name: string) => byClass.all(runId, name),
    /** The id that the next recorded run will get; rows of unfinished runs at or above it are dead. */
    nextRunId: (): number => nextRun.get() ?? 1,
    /** Deletes derived rows that an interrupted run left behind. */
    clearFrom: (runId: number): void => clear.forEach((statement) => statement.run(runId)),
    /** The id of a score's name, created on first use. */
    ensureName: (name: string): number => nameId.get(name) ?? Number(insertName.run(name).lastInsertRowid),
    names: () => names.all(),
    insertScore: (runId: number, scoreId: number, imageId: number, value: number): void =>
      void insertScore.run(runId, scoreId, imageId, value),
    insertPrediction: (runId: number, imageId: number, labelId: number, probability: number): void =>
      void insertPrediction.run(runId, imageId, labelId, probability),
    insertFlag: (runId: number, flag: FlagRow): void =>
      void insertFlag.run(
        runId,
        flag.imageId,
        flag.rule,
        flag.otherImageId,
        flag.similarity,
        flag.alteration && JSON.stringify(flag.alteration),
        flag.certainty,
      ),
    insertLabelModel: (runId: number, model: string): void => void insertModel.run(runId, model),
    labelModel: (runId: number) => labelModel.get(runId),
    insertSimulation: (runId: number, text: string): void => void insertSimulation.run(runId, text),
    /** The simulation that the run's label risk was estimated from, if any. */
    simulation: (runId: number) => simulation.get(runId),
    /** One score of one run over all its images. */
    column: (runId: number, name: string): IterableIterator<{ imageId: number; value: number }> =>
      column.iterate(runId, name),
    ofImage: (runId: number, imageId: number) => ofImage.all(runId, imageId),
    prediction: (runId: number, imageId: number) => prediction.get(runId, imageId),
    predictions: (
      runId: number,
    ): IterableIterator<{ imageId: number; labelId: number; probability: number }> =>
      predictions.iterate(runId),
    flagCounts: (runId: number) => flagCounts.all(runId),
    /** Everything a run's digest covers, in a fixed order. */
    *digestRows(runId: number): Generator<(number | string)[]> {
      yield* scoreRows.iterate(runId);
      yield* predictionRows.iterate(runId);
      // A flag without an alteration or a certainty reads as it did before there were any.
      for (const row of flagRows.iterate(runId)) yield row.filter((value) => value !== null);
    },
  };
}

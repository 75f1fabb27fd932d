import type { Database } from 'better-sqlite3';

/** A row with its columns in camel case. */
export type DerivedRow = Record<string, string | number | Uint8Array | null>;

/** The derived rows that events hold digests of (core/ledger/digests.ts), whatever columns their tables have. */
export function digestQueries(db: Database) {
  const rowsOf = (sql: string) => {
    const statement = db.prepare<(string | number)[], DerivedRow>(sql);
    const names = statement.columns().map(({ name }) => [name, camelCase(name)] as const);
    const renamed = (row: DerivedRow): DerivedRow =>
      Object.fromEntries(names.map(([column, key]) => [key, row[column]!]));
    return function* (...parameters: (string | number)[]): Generator<DerivedRow> {
      for (const row of statement.iterate(...parameters)) yield renamed(row);
    };
  };
  const facts = rowsOf('SELECT * FROM image_facts WHERE image_id = ?');
  const generation = rowsOf('SELECT * FROM generation_metadata WHERE image_id = ?');
  const vectors = rowsOf(
    'SELECT image_id, vector FROM embedding WHERE model = ? AND image_id <= ? ORDER BY image_id',
  );
  const patches = rowsOf(
    'SELECT image_id, features FROM patches WHERE model = ? AND image_id <= ? ORDER BY image_id',
  );
  const reports = rowsOf('SELECT role, report FROM label_report WHERE run_id = ? ORDER BY role');
  const maps = rowsOf('SELECT image_id, columns, cells FROM artefact_map WHERE run_id = ? ORDER BY image_id');
  const verdicts = rowsOf(
    `SELECT image_id, position, chance, fault, label_id, confidence, area FROM object_verdict WHERE run_id = ?
     ORDER BY image_id, position`,
  );
  return {
    /** What was measured of an image, and what its bytes say of its generation: up to two rows, without its id. */
    *facts(id: number): Generator<DerivedRow> {
      for (const { imageId: _, ...row } of facts(id)) yield row;
      for (const { imageId: _, ...row } of generation(id)) yield row;
    },
    /** A model's vectors of the images up to an id. */
    vectors: (model: string, lastImageId: number) => vectors(model, lastImageId),
    /** The same of its patches. */
    patches: (model: string, lastImageId: number) => patches(model, lastImageId),
    /** The reports on labels, the maps and the verdicts on objects of a run. */
    *reports(run: number): Generator<DerivedRow> {
      yield* reports(run);
      yield* maps(run);
      yield* verdicts(run);
    },
  };
}

const camelCase = (column: string): string =>
  column.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

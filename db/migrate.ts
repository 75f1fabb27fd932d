import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';

/** One step of the schema. `user_version` is set to `version` after its SQL has run. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

/** The steps in `db/migrations/`, in order: `0010-initial.sql` is version 10. */
export const MIGRATIONS: Migration[] = readdirSync(FOLDER)
  .filter((name) => /^\d{4}-.+\.sql$/.test(name))
  .sort()
  .map((name) => ({
    version: Number(name.slice(0, 4)),
    name,
    sql: readFileSync(new URL(name, FOLDER), 'utf8'),
  }));

export function newestVersion(migrations: Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

export function readVersion(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** Runs the steps newer than the file, each with its version number in one transaction. */
export function migrate(db: Database.Database, migrations: Migration[] = MIGRATIONS): void {
  for (const step of migrations) {
    if (step.version <= readVersion(db)) continue;
    try {
      db.exec(`BEGIN IMMEDIATE;\n${step.sql}\nPRAGMA user_version = ${step.version};\nCOMMIT;`);
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw new AssayError(
        'PROJECT_DAMAGED',
        `The project could not be brought to version ${step.version} (${step.name}): ${(error as Error).message}. The file is unchanged.`,
        { step: step.name },
        error,
      );
    }
  }
}

/** Returns every object of the schema as SQL, in creation order for people, in name order to compare (VACUUM reorders). */
export function dumpSchema(db: Database.Database, order: 'creation' | 'name'): string {
  const objects = db
    .prepare<[], string>(
      `SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
       ORDER BY ${order === 'creation' ? 'rowid' : 'type, name'}`,
    )
    .pluck()
    .all();
  return `${objects.join('\n\n')}\n`;
}

/** The schema that the migrations produce, built in memory. */
export function expectedSchema(order: 'creation' | 'name', migrations: Migration[] = MIGRATIONS): string {
  const db = new Database(':memory:');
  migrate(db, migrations);
  const schema = dumpSchema(db, order);
  db.close();
  return schema;
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';
import { copyOfArchive, isWritable } from './archive.ts';
import {
  dumpSchema,
  expectedSchema,
  migrate,
  MIGRATIONS,
  newestVersion,
  readVersion,
  type Migration,
} from './migrate.ts';

/** "Asay" in ASCII: marks the file as Assay's for `file(1)` and for us. */
export const APPLICATION_ID = 0x41736179;

/** Before this version of SQLite, two connections on one WAL file could corrupt it. */
const OLDEST_SQLITE = [3, 51, 3] as const;

function requireSafeSqlite(db: Database.Database): void {
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  for (const [i, least] of OLDEST_SQLITE.entries()) {
    if ((parts[i] ?? 0) > least) return;
    if ((parts[i] ?? 0) < least)
      throw new AssayError(
        'UNSUPPORTED_RUNTIME',
        `SQLite ${version} is older than ${OLDEST_SQLITE.join('.')}: reinstall the dependencies.`,
      );
  }
}

/** The file stores none of these settings: set each on every open (a reopened WAL file reports NORMAL). */
function setPragmas(db: Database.Database): void {
  if (!db.readonly) db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('mmap_size = 0');
  // Only a thread of this process can delay a writer, for as long as its act of very many rows takes.
  db.pragma(`busy_timeout = ${db.readonly ? 5000 : 60_000}`);
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** Copies the open database to `backups/` beside it, verifies the copy, and only then gives it its final name. */
function backUp(db: Database.Database, file: string): string {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true });
  const name = join(
    folder,
    `project-v${readVersion(db)}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.db`,
  );
  const partial = `${name}.partial`;
  rmSync(partial, { force: true });
  db.prepare('VACUUM INTO ?').run(partial);
  const copy = new Database(partial, { readonly: true });
  const verdict = copy.pragma('integrity_check', { simple: true });
  const events = (store: Database.Database): unknown =>
    store
      .prepare('SELECT count(*), max(hash) FROM event WHERE seq = (SELECT max(seq) FROM event)')
      .raw()
      .get();
  const same = JSON.stringify(events(copy)) === JSON.stringify(events(db));
  copy.close();
  if (verdict !== 'ok' || !same)
    throw new AssayError(
      'PROJECT_DAMAGED',
      `Verifying the backup of ${file} failed, so nothing was migrated: ${String(verdict)}.`,
    );
  sync(partial);
  renameSync(partial, name);
  sync(folder);
  return name;
}

/**
 * Opens `project.db`. For a writer, migrates it to this build's schema after a verified backup of an older file. Where
 * this user may only read the folder, a reader may get a copy, migrated if need be.
 * Throws `NOT_FOUND`, `NOT_A_PROJECT`, `PROJECT_NEWER` or `PROJECT_DAMAGED`, naming the file and the remedy.
 */
export function openDatabase(
  file: string,
  mode: 'create' | 'write' | 'read',
  migrations: Migration[] = MIGRATIONS,
): Database.Database {
  if (mode !== 'create' && !existsSync(file))
    throw new AssayError(
      'NOT_FOUND',
      `There is no project at ${dirname(file)}. Create one with: assay new ${dirname(file)}`,
      { file },
    );
  const needsCopy = mode === 'read' && !isWritable(file) && !isReadAsItIs(file, migrations);
  const at = needsCopy ? copyOfArchive(file) : file;
  const db = new Database(at, { readonly: mode === 'read' && !needsCopy, timeout: 5000 });
  try {
    prepare(db, file, needsCopy ? 'copy' : mode, migrations);
    if (needsCopy) db.pragma('query_only = ON');
  } catch (error) {
    db.close();
    const code = (error as { code?: string }).code ?? '';
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
      throw new AssayError(
        'PROJECT_DAMAGED',
        `${file} is not a readable SQLite file (${code}). Restore it from backups/ or from a copy.`,
        { file },
        error,
      );
    throw error;
  }
  return db;
}

/**
 * Whether the project of a file has accounts, found without opening it as a project; null where that is not to be told
 * this way, such as for a file that is not there, or of another format.
 */
export function hasAccounts(file: string): boolean | null {
  if (!existsSync(file)) return null;
  try {
    const db = new Database(file, { readonly: true, timeout: 5000 });
    try {
      return db.prepare('SELECT 1 FROM access').get() !== undefined;
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

/** Whether SQLite can read a file where it may write nothing beside it, and its format is this build's. */
function isReadAsItIs(file: string, migrations: Migration[]): boolean {
  try {
    const db = new Database(file, { readonly: true, timeout: 5000 });
    try {
      return readVersion(db) >= newestVersion(migrations);
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}

function prepare(
  db: Database.Database,
  file: string,
  mode: 'create' | 'write' | 'read' | 'copy',
  migrations: Migration[],
): void {
  requireSafeSqlite(db);
  setPragmas(db);
  if (mode === 'create') {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db, migrations);
  }
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new AssayError('NOT_A_PROJECT', `${file} is a database, but not one of Assay's.`, { file });
  const version = readVersion(db);
  const newest = newestVersion(migrations);
  if (version > newest)
    throw new AssayError(
      'PROJECT_NEWER',
      `${file} was written by a newer Assay (format ${version}; this one reads up to ${newest}). Update Assay; the file was not touched.`,
      { file, version, newest },
    );
  if (version < newest) {
    if (mode === 'read')
      throw new AssayError(
        'PROJECT_DAMAGED',
        `${file} has the older format ${version}: open it once with a writing command to migrate it.`,
        { file, version, isOlder: true },
      );
    const check = db.pragma('quick_check', { simple: true });
    if (check !== 'ok')
      throw new AssayError(
        'PROJECT_DAMAGED',
        `${file} is damaged (${String(check)}), so it was not migrated. Restore a backup.`,
        { file },
      );
    if (mode !== 'copy') backUp(db, file);
    migrate(db, migrations);
  }
  // A dropped trigger or an added view would let the ledger be edited: the schema must be exactly ours.
  if (dumpSchema(db, 'name') !== expectedSchema('name', migrations))
    throw new AssayError(
      'PROJECT_DAMAGED',
      `The schema of ${file} was altered outside Assay: a table, view or trigger differs. Restore a backup.`,
      { file },
    );
}

import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';

/** Whether this user may write to a project's folder and database: not on read-only media, or in somebody else's. */
export function isWritable(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The error for whoever would write where `isWritable` says no. */
export function notWritable(folder: string, cause?: unknown): AssayError {
  return new AssayError(
    'PROJECT_READ_ONLY',
    `${folder} cannot be written here: its folder is read-only, or belongs to somebody else. It can be read as it is (status, verify, the workbench); to work on it, copy it to a folder of yours.`,
    { folder },
    cause,
  );
}

/**
 * A copy of a database that this user may only read, in the system's folder for temporary files: SQLite cannot read a
 * write-ahead log beside which it may write nothing, and an older format has to be migrated to be read. It goes when the
 * process ends. Throws `DISK_FULL` where there is no room for it.
 */
export function copyOfArchive(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-archive-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { bavail, bsize } = statfsSync(folder);
  const { size } = statSync(file);
  if (bavail * bsize < size)
    throw new AssayError(
      'DISK_FULL',
      `${file} can only be read through a copy of ${size} bytes, and ${tmpdir()} has no room for it. Free some, or set TMPDIR to a folder that has.`,
      { file },
    );
  const copy = join(folder, 'project.db');
  if (copiedByReading(file, copy)) return copy;
  for (const end of ['', '-wal'].filter((part) => existsSync(file + part))) {
    copyFileSync(file + end, copy + end);
    // A copy has the rights of its file, which was not to be written.
    chmodSync(copy + end, 0o600);
  }
  return copy;
}

/** Copies what SQLite can read as it is, which is whole even while its owner writes; false where it cannot. */
function copiedByReading(file: string, copy: string): boolean {
  const db = new Database(file, { readonly: true, timeout: 5000 });
  try {
    db.prepare('VACUUM INTO ?').run(copy);
    return true;
  } catch {
    rmSync(copy, { force: true });
    return false;
  } finally {
    db.close();
  }
}

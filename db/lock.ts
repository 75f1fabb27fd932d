import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';

/** The process that has a project open for writing, as a second one is told. */
interface Holder {
  pid: number;
  host: string;
  command: string;
  since: string;
}

export interface WriterLock {
  /**
   * Throws `PROJECT_LOCKED` where the lock was lost: its file was removed or replaced, as programs do that keep folders in
   * step, and another process has it now. Where nobody has it, takes it again.
   */
  requireHeld(): void;
  release(): void;
}

/** Held locks. An unreferenced lock would be garbage-collected, and its database closed. */
const held = new Set<Database.Database>();

/**
 * Takes the project's writer lock: an exclusive SQLite lock on an empty side file. The operating system releases it when
 * the process ends, however it ends. A text file beside it only names the holder. Throws `PROJECT_LOCKED` naming the
 * holder.
 */
export function takeWriterLock(folder: string): WriterLock {
  let lock = lockFile(folder);
  return {
    requireHeld() {
      if (isSameFile(folder, lock.file)) return;
      const lost = lock;
      lock = lockFile(folder);
      lost.release();
    },
    release: () => lock.release(),
  };
}

/** Which file the lock is, as long as it has its name. */
function fileOf(folder: string): bigint | null {
  return statSync(join(folder, 'writer.lock'), { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

function isSameFile(folder: string, file: bigint | null): boolean {
  return file !== null && fileOf(folder) === file;
}

/**
 * For a further connection of the process that holds the lock: throws `PROJECT_LOCKED` where its file is no longer the
 * one that it is now.
 */
export function watchWriterLock(folder: string): () => void {
  const file = fileOf(folder);
  return () => {
    if (isSameFile(folder, file)) return;
    throw new AssayError(
      'PROJECT_LOCKED',
      `The lock of ${folder} was removed or replaced while this ran. Nothing of it was recorded since: run it again.`,
      { folder },
    );
  };
}

function lockFile(folder: string): { file: bigint | null; release: () => void } {
  const db = new Database(join(folder, 'writer.lock'), { timeout: 0 });
  const note = join(folder, 'writer.json');
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) throw error;
    const holder = readHolder(note);
    const who = holder
      ? `process ${holder.pid} on ${holder.host} (${holder.command}, since ${holder.since.slice(0, 16).replace('T', ' ')} UTC)`
      : 'another process';
    throw new AssayError(
      'PROJECT_LOCKED',
      `${folder} is open for writing in ${who}. Close it there or wait, then try again.`,
      { folder, holder },
    );
  }
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    command: process.argv.slice(1, 4).join(' '),
    since: new Date().toISOString(),
  };
  writeFileSync(note, JSON.stringify(holder));
  held.add(db);
  const file = fileOf(folder);
  return {
    file,
    release() {
      held.delete(db);
      if (isSameFile(folder, file)) rmSync(note, { force: true });
      db.close();
    },
  };
}

function readHolder(note: string): Holder | null {
  try {
    return JSON.parse(readFileSync(note, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

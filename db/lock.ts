import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  return {
    release() {
      held.delete(db);
      rmSync(note, { force: true });
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

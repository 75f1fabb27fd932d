import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test/support/folders.ts';
import { takeWriterLock } from './lock.ts';
import { MIGRATIONS, readVersion } from './migrate.ts';
import { APPLICATION_ID, openDatabase } from './open.ts';
import { storeOver } from './store.ts';

const EVENT = `INSERT INTO event VALUES (1, 'now', 0, 'ada', '0', 'kind', '{}', '${'0'.repeat(64)}', '${'a'.repeat(64)}')`;

function created(): { file: string; folder: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'project.db');
  openDatabase(file, 'create').close();
  return { file, folder };
}

describe('every open', () => {
  test('sets the pragmas that a file does not store, on a reopened file too', () => {
    const { file } = created();
    const db = openDatabase(file, 'write');
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect([
      pragma('synchronous'),
      pragma('journal_mode'),
      pragma('foreign_keys'),
      pragma('recursive_triggers'),
    ]).toEqual([2, 'wal', 1, 1]);
    expect([pragma('trusted_schema'), pragma('cell_size_check'), pragma('mmap_size')]).toEqual([0, 1, 0]);
    expect([pragma('application_id'), pragma('user_version')]).toEqual([
      APPLICATION_ID,
      MIGRATIONS.at(-1)!.version,
    ]);
    db.close();
  });

  test.each([
    ['a dropped trigger', 'DROP TRIGGER event_no_update'],
    ['a planted trigger', 'CREATE TRIGGER planted AFTER INSERT ON event BEGIN DELETE FROM label; END'],
    ['a planted view', 'CREATE VIEW planted AS SELECT 1'],
    ['an added column', 'ALTER TABLE event ADD COLUMN planted TEXT'],
  ])('refuses %s', (_, sql) => {
    const { file } = created();
    const hostile = new Database(file);
    hostile.exec(sql);
    hostile.close();
    expect(() => openDatabase(file, 'write')).toThrow(/altered/);
    expect(() => openDatabase(file, 'read')).toThrow(/altered/);
  });

  test('refuses a newer file and leaves it alone', () => {
    const { file } = created();
    const newer = new Database(file);
    newer.pragma('user_version = 9990');
    newer.close();
    expect(() => openDatabase(file, 'write')).toThrow(expect.objectContaining({ code: 'PROJECT_NEWER' }));
    const again = new Database(file);
    expect(again.pragma('user_version', { simple: true })).toBe(9990);
    again.close();
  });

  test("refuses a missing file, another program's database, and a file that is no database", () => {
    const folder = temporaryFolder();
    expect(() => openDatabase(join(folder, 'none.db'), 'write')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    const other = new Database(join(folder, 'other.db'));
    other.exec('CREATE TABLE t (x)');
    other.close();
    expect(() => openDatabase(join(folder, 'other.db'), 'write')).toThrow(
      expect.objectContaining({ code: 'NOT_A_PROJECT' }),
    );
    writeFileSync(
      join(folder, 'text.db'),
      'this is no database at all, but long enough to be looked at as one'.repeat(40),
    );
    expect(() => openDatabase(join(folder, 'text.db'), 'write')).toThrow(
      expect.objectContaining({ code: 'PROJECT_DAMAGED' }),
    );
  });
});

describe('the ledger table', () => {
  test.each([
    "UPDATE event SET actor = 'eve'",
    'DELETE FROM event',
    EVENT.replace('INSERT', 'INSERT OR REPLACE').replace("'ada'", "'eve'"),
    EVENT.replace('INSERT', 'REPLACE').replace("'ada'", "'eve'"),
    `${EVENT.replace("'ada'", "'eve'")} ON CONFLICT (seq) DO UPDATE SET actor = 'eve'`,
    EVENT.replace('VALUES (1', 'VALUES (3').replace('a'.repeat(64), 'b'.repeat(64)),
    EVENT.replace('VALUES (1', 'VALUES (2'),
  ])('refuses %s', (sql) => {
    const { file } = created();
    const db = openDatabase(file, 'write');
    db.exec(EVENT);
    expect(() => db.exec(sql)).toThrow(/append-only|without gaps/);
    expect(db.prepare('SELECT actor FROM event').pluck().all()).toEqual(['ada']);
    db.close();
  });

  test('is strict about types', () => {
    const { file } = created();
    const db = openDatabase(file, 'write');
    expect(() => db.exec(EVENT.replace("'now', 0", "'now', 'zero'"))).toThrow(
      /cannot store TEXT value in INTEGER/,
    );
    db.close();
  });

  test('keeps every whole transaction and no partial one, wherever the disk fills up', () => {
    const { file } = created();
    const db = openDatabase(file, 'write');
    const store = storeOver(db);
    const pages = db.pragma('page_count', { simple: true }) as number;
    let written = 0;
    const refusals: unknown[] = [];
    const attempt = (act: () => void): boolean => {
      try {
        store.transaction(act);
        return true;
      } catch (error) {
        if ((error as Error).message !== 'roll back') refusals.push(error);
        return false;
      }
    };
    for (let point = 0; point < 200; point++) {
      db.pragma(`max_page_count = ${pages + point}`);
      attempt(() => {
        store.batches.insertProject(`${point}`, 'x'.repeat(3000), 'now');
        store.batches.ensureLabel(`label ${point} ${'y'.repeat(3000)}`);
        throw new Error('roll back');
      });
      if (attempt(() => void store.batches.ensureLabel(`kept ${point} ${'z'.repeat(2500)}`))) written++;
    }
    const said = { code: 'DISK_FULL', message: expect.stringContaining('free some disk space') };
    for (const refusal of refusals) expect(refusal).toMatchObject(said);
    expect(store.integrity()).toBe('ok');
    expect(store.batches.labels()).toHaveLength(written);
    expect(store.batches.project()).toBeUndefined();
    expect(Math.min(written, refusals.length)).toBeGreaterThan(10);
    store.close();
  });
});

describe('an older file', () => {
  const next = {
    version: MIGRATIONS.at(-1)!.version + 10,
    name: 'next.sql',
    sql: 'CREATE TABLE added (x TEXT NOT NULL) STRICT;',
  };

  test('is backed up, then migrated', () => {
    const { file, folder } = created();
    const db = openDatabase(file, 'write', [...MIGRATIONS, next]);
    expect(readVersion(db)).toBe(next.version);
    db.close();
    const [backup] = readdirSync(join(folder, 'backups'));
    openDatabase(join(folder, 'backups', backup!), 'read').close();
  });

  test('stays whole when a step fails', () => {
    const { file } = created();
    const broken = { ...next, sql: 'CREATE TABLE added (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);' };
    expect(() => openDatabase(file, 'write', [...MIGRATIONS, broken])).toThrow(
      expect.objectContaining({ code: 'PROJECT_DAMAGED' }),
    );
    openDatabase(file, 'write').close();
  });

  test('is not touched by a reader', () => {
    const { file, folder } = created();
    expect(() => openDatabase(file, 'read', [...MIGRATIONS, next])).toThrow(/older format/);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });
});

describe('the writer lock', () => {
  test('names its holder, survives a garbage collection, and ends with the process', async () => {
    const folder = temporaryFolder();
    const script = `import { takeWriterLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}; takeWriterLock(process.argv[1]); gc(); setTimeout(() => { gc(); console.log('held'); }, 50); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Always end it: a process left behind would keep the tests' output open, and CI would wait for it.
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    expect(() => takeWriterLock(folder)).toThrow(new RegExp(`open for writing in process ${holder.pid} `));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    takeWriterLock(folder).release();
  });
});

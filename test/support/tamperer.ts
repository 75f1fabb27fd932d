import Database from 'better-sqlite3';
import { verifyCheckpoints } from '../../core/ledger/anchor.ts';
import { verifyDerived } from '../../core/ledger/verify-derived.ts';
import { verifyChain, verifyProjection } from '../../core/ledger/verify.ts';
import { PROJECTION, storeOver } from '../../db/store.ts';
import { chainAnew, withoutTriggers } from './forger.ts';

/** Tables that verify covers. */
const COVERED = [
  'event',
  ...Object.keys(PROJECTION),
  'image_facts',
  'generation_metadata',
  'embedding',
  'patches',
  'score_name',
  'score',
  'prediction',
  'flag',
  'label_model',
  'risk_simulation',
  'label_report',
  'artefact_map',
];

/** What is found of a database, given as its bytes, by what a project's folder and this user's settings know; or null. */
export function findingOf(folder: string, bytes: Buffer): string | null {
  try {
    const db = new Database(bytes);
    try {
      const store = storeOver(db);
      const integrity = store.integrity();
      if (integrity !== 'ok') return integrity;
      return (
        verifyChain(store).difference ??
        verifyCheckpoints(folder, store).difference ??
        verifyProjection(store) ??
        verifyDerived(store, new AbortController().signal).difference
      );
    } finally {
      db.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

/** All rows that verify covers, as text; null where they cannot be read. */
export function coveredRows(bytes: Buffer): string | null {
  try {
    const db = new Database(bytes);
    try {
      const text = (cell: unknown): unknown =>
        cell instanceof Uint8Array ? Buffer.from(cell).toString('base64') : cell;
      const rows = (table: string) => db.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().all();
      return COVERED.map((table) => JSON.stringify(rows(table).map((row) => row.map(text)))).join('\n');
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

type Random = () => number;
const below = (random: Random, count: number): number => Math.floor(random() * count);

/** A value that differs as little as may be; undefined where there is none to change. */
function another(random: Random, value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) ? value + (random() < 0.5 ? 1 : -1) : value * (1 + 2 ** -40);
  if (value instanceof Uint8Array && value.length > 0) {
    const changed = Buffer.from(value);
    changed[below(random, changed.length)]! ^= 1 << below(random, 8);
    return changed;
  }
  if (typeof value !== 'string' || value === '') return undefined;
  const at = below(random, value.length);
  return value.slice(0, at) + (value[at] === 'e' ? 'f' : 'e') + value.slice(at + 1);
}

/** Changes or removes one row. False where the table is empty, the cell is, or the schema refuses. */
function changeRow(db: Database.Database, random: Random, table: string): boolean {
  const rows = db.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw();
  const columns = rows.columns().map(({ name }) => `"${name}"`);
  const all = rows.all();
  if (all.length === 0) return false;
  const row = all[below(random, all.length)]!;
  const where = columns.map((column) => `${column} IS ?`).join(' AND ');
  try {
    if (random() < 0.2) return db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...row).changes === 1;
    const at = below(random, columns.length);
    const value = another(random, row[at]);
    if (value === undefined || value === row[at]) return false;
    const set = `UPDATE ${table} SET ${columns[at]} = ? WHERE ${where}`;
    return db.prepare(set).run(value, ...row).changes === 1;
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

/** The ways of the forger: a row, an event with the chain written anew, a lost end, and a flipped bit. */
export const WAYS = ['row', 'event', 'end', 'bit'] as const;
export type Way = (typeof WAYS)[number];

/** The bytes of a database after one random change; null where it came to nothing. */
export function tamperedBytes(bytes: Buffer, random: Random, way: Way): Buffer | null {
  if (way === 'bit') {
    const changed = Buffer.from(bytes);
    changed[below(random, changed.length)]! ^= 1 << below(random, 8);
    return changed;
  }
  const db = new Database(bytes);
  try {
    let isDone = false;
    withoutTriggers(db, () => {
      if (way === 'row') isDone = changeRow(db, random, COVERED[below(random, COVERED.length)]!);
      else if (way === 'event') isDone = changeRow(db, random, 'event');
      else {
        const last = db.prepare<[], number>('SELECT max(seq) FROM event').pluck().get()!;
        db.prepare('DELETE FROM event WHERE seq > ?').run(last - 1 - below(random, last - 1));
        isDone = true;
      }
      if (isDone && way !== 'row' && random() < 0.8) chainAnew(db);
    });
    return isDone ? db.serialize() : null;
  } finally {
    db.close();
  }
}

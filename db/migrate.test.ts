import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { earlierProject, RELEASED } from '../test/support/earlier-projects.ts';
import { dumpSchema, expectedSchema, MIGRATIONS, migrate, readVersion } from './migrate.ts';

/**
 * Tables that a step may fill, rewrite or drop, besides adding tables and columns. Every other table must keep its rows
 * unchanged in its earlier columns.
 */
const CHANGES: Record<number, string[]> = {
  20: [],
  30: [],
  40: [],
  50: [],
  60: [],
  65: [],
  70: [],
  80: ['queue', 'queue_item', 'policy'],
  90: ['image_facts'],
  100: [],
  101: [],
  102: [],
  104: [],
  105: [],
  106: [],
  107: [],
  108: [],
  110: [],
  111: [],
  112: [],
  113: [],
  120: [],
  121: [],
  122: [],
  123: [],
  124: [],
  126: [],
  129: [],
  130: [],
  134: [],
  140: [],
};

type Rows = Map<string, { columns: string[]; rows: unknown[][] }>;

function contents(db: Database.Database): Rows {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  return new Map(
    tables.map((table) => {
      const select = db.prepare<[], unknown[]>(`SELECT * FROM ${table}`);
      return [table, { columns: select.columns().map(({ name }) => name), rows: select.raw().all() }];
    }),
  );
}

/** The columns that a table had before, in that order. */
function reduced(rows: Rows, table: string, columns: string[]): unknown[][] | undefined {
  const now = rows.get(table);
  if (!now) return undefined;
  const places = columns.map((column) => now.columns.indexOf(column));
  return now.rows.map((row) => places.map((place) => row[place]));
}

const sorted = (rows: unknown[][]): string[] =>
  rows
    .map((row) => JSON.stringify(row.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('base64') : cell))))
    .sort();

const schemas = new Map<number, string>();

/** The schema after the steps up to a version. */
function schemaAt(version: number): string {
  const known =
    schemas.get(version) ??
    expectedSchema(
      'name',
      MIGRATIONS.filter((step) => step.version <= version),
    );
  schemas.set(version, known);
  return known;
}

describe('every migration keeps what every released project holds that is older', () => {
  test.each(RELEASED)('from v%i on, step by step', (released) => {
    const db = new Database(join(earlierProject(released), 'project.db'));
    try {
      let before = contents(db);
      for (const step of MIGRATIONS.filter(({ version }) => version > released)) {
        migrate(db, [step]);
        expect(readVersion(db)).toBe(step.version);
        const after = contents(db);
        expect(CHANGES, `say in CHANGES which tables ${step.name} rewrites`).toHaveProperty(
          String(step.version),
        );
        for (const [table, { columns, rows }] of before) {
          if (CHANGES[step.version]!.includes(table)) continue;
          const kept = sorted(reduced(after, table, columns) ?? []);
          expect(kept, `rows of ${table} after ${step.name}`).toEqual(sorted(rows));
        }
        expect(db.pragma('foreign_key_check'), `after ${step.name}`).toEqual([]);
        expect(dumpSchema(db, 'name'), `after ${step.name}`).toBe(schemaAt(step.version));
        before = after;
      }
    } finally {
      db.close();
    }
  });

  test('the newest released schema has a fixture', () => {
    expect(RELEASED.every((version) => MIGRATIONS.some((step) => step.version === version))).toBe(true);
    expect(RELEASED.length).toBeGreaterThanOrEqual(3);
  });
});

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { storeInMemory, storeOver, WRITES, type Store, type WritableStore } from './store.ts';

/** A store that prepares its statements but does not run them: reads find nothing, and `ran` learns of each. */
function watchedStore(ran: (isWrite: boolean) => void): WritableStore {
  const db = new Database(':memory:');
  migrate(db);
  const nothing: Record<string, () => unknown> = {
    run: () => ({ changes: 0, lastInsertRowid: 1 }),
    get: () => undefined,
    all: () => [],
    iterate: () => [][Symbol.iterator](),
  };
  const watched = (statement: Database.Statement): Database.Statement =>
    new Proxy(statement, {
      get: (target, key) => {
        const answer = nothing[String(key)];
        if (answer)
          return () => {
            ran(!target.readonly);
            return answer();
          };
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function'
          ? (...args: unknown[]) => watched(value.apply(target, args) as Database.Statement)
          : value;
      },
    });
  const prepare = db.prepare.bind(db);
  db.prepare = ((sql: string) => watched(prepare(sql))) as typeof db.prepare;
  return storeOver(db);
}

/** An argument that can be read from, iterated and counted, whatever a query expects. */
const anything: unknown = new Proxy(() => anything, {
  get: (_, key) => {
    if (key === Symbol.iterator) return () => [anything][Symbol.iterator]();
    if (key === Symbol.toPrimitive) return () => 1;
    return key === 'length' ? 1 : anything;
  },
});

test('WRITES names exactly the functions whose SQL writes', () => {
  const ran: boolean[] = [];
  const store = watchedStore((isWrite) => ran.push(isWrite));
  const found: Record<string, string[]> = {};
  for (const [topic, queries] of Object.entries(store) as [string, Record<string, unknown>][]) {
    if (typeof queries === 'function') continue;
    for (const [name, query] of Object.entries(queries) as [string, (...args: unknown[]) => unknown][]) {
      ran.length = 0;
      try {
        const result = query(...Array.from({ length: 8 }, () => anything));
        // A generator runs when its first row is requested.
        if (typeof result === 'object' && result !== null && 'next' in result)
          (result as Iterator<unknown>).next();
      } catch {
        // It expected a row; its statement is known all the same.
      }
      expect(ran.length, `${topic}.${name} ran no statement`).toBeGreaterThan(0);
      if (ran.includes(true)) (found[topic] ??= []).push(name);
    }
  }
  const sorted = (table: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(table).map(([topic, names]) => [topic, names.toSorted()]));
  expect(sorted(found)).toEqual(sorted(WRITES));
});

test('writing with a reading store does not compile', () => {
  const store = storeInMemory();
  const reads = (reader: Store): void => {
    // @ts-expect-error events are inserted through a WritableStore
    void reader.events.insert;
    // @ts-expect-error so are decisions
    void reader.decisions.insert;
    // @ts-expect-error and nothing is written without a transaction
    void reader.transaction;
    const writes = (writer: WritableStore): unknown => writer.events.last();
    // @ts-expect-error a reading store is not a writable one
    expect(writes(reader)).toBeUndefined();
  };
  // The reverse is fine.
  reads(store);
  store.close();
});

import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { batchQueries } from './queries/batches.ts';
import { decisionQueries } from './queries/decisions.ts';
import { eventQueries } from './queries/events.ts';
import { factsQueries } from './queries/facts.ts';
import { imageQueries } from './queries/images.ts';
import { queueQueries } from './queries/queue.ts';
import { scoreQueries } from './queries/scores.ts';

/** The tables that replaying the events must reproduce, each with the order in which rows are compared. */
export const PROJECTION = {
  project: 'id',
  label: 'id',
  batch: 'id',
  batch_parent: 'batch_id, parent_id',
  image: 'id',
  file: 'id',
  box: 'file_id, position',
  run: 'id',
  queue: 'id',
  queue_item: 'queue_id, position',
  queue_group: 'queue_id, position, image_id',
  decision: 'id',
  release: 'id',
} as const;

/** Every query of one open database, prepared once. */
export class Store {
  readonly #db: Database.Database;
  readonly events: ReturnType<typeof eventQueries>;
  readonly batches: ReturnType<typeof batchQueries>;
  readonly images: ReturnType<typeof imageQueries>;
  readonly facts: ReturnType<typeof factsQueries>;
  readonly scores: ReturnType<typeof scoreQueries>;
  readonly queue: ReturnType<typeof queueQueries>;
  readonly decisions: ReturnType<typeof decisionQueries>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.events = eventQueries(db);
    this.batches = batchQueries(db);
    this.images = imageQueries(db);
    this.facts = factsQueries(db);
    this.scores = scoreQueries(db);
    this.queue = queueQueries(db);
    this.decisions = decisionQueries(db);
  }

  /** Opens a project's file; see `openDatabase` for the modes and the errors. */
  static open(file: string, mode: 'create' | 'write' | 'read'): Store {
    return new Store(openDatabase(file, mode));
  }

  /** An empty database of this build's schema, in memory: what a replay fills. */
  static inMemory(): Store {
    const db = new Database(':memory:');
    migrate(db);
    return new Store(db);
  }

  /** Runs `act` in one immediate transaction: everything it wrote, or nothing. A full disk is said as such. */
  transaction<T>(act: () => T): T {
    try {
      return this.#db.transaction(act).immediate();
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR'))
        throw new AssayError(
          'DISK_FULL',
          `The project could not be written (${code}): free some disk space at ${this.#db.name} and run the same command again. Nothing recorded before was lost.`,
          { file: this.#db.name },
          error,
        );
      throw error;
    }
  }

  /** The rows of one table of the projection in their order, as arrays. */
  rows(table: keyof typeof PROJECTION): IterableIterator<unknown[]> {
    return this.#db
      .prepare<[], unknown[]>(`SELECT * FROM ${table} ORDER BY ${PROJECTION[table]}`)
      .raw()
      .iterate();
  }

  columns(table: keyof typeof PROJECTION): string[] {
    return this.#db
      .prepare(`SELECT * FROM ${table} LIMIT 0`)
      .columns()
      .map((column) => column.name);
  }

  /** SQLite's own check of the file: `ok`, or what is wrong. */
  integrity(): string {
    return String(this.#db.pragma('integrity_check', { simple: true }));
  }

  close(): void {
    this.#db.close();
  }
}

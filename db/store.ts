import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { batchQueries } from './queries/batches.ts';
import { decisionQueries } from './queries/decisions.ts';
import { eventQueries } from './queries/events.ts';
import { exploreQueries } from './queries/explore.ts';
import { factsQueries } from './queries/facts.ts';
import { imageDetailQueries } from './queries/image-detail.ts';
import { imageQueries } from './queries/images.ts';
import { jobQueries } from './queries/jobs.ts';
import { labelReportQueries } from './queries/label-reports.ts';
import { mapQueries } from './queries/maps.ts';
import { overviewQueries } from './queries/overview.ts';
import { policyQueries } from './queries/policies.ts';
import { queueQueries } from './queries/queue.ts';
import { reportQueries } from './queries/reports.ts';
import { reviewQueries } from './queries/review.ts';
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
  queue_gold: 'queue_id, position',
  policy: 'name',
  decision: 'id',
  decision_box: 'decision_id, position',
  act: 'seq',
  verdict: 'image_id',
  reviewer_resume: 'id',
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
  readonly review: ReturnType<typeof reviewQueries>;
  readonly explore: ReturnType<typeof exploreQueries>;
  readonly labelReports: ReturnType<typeof labelReportQueries>;
  readonly imageDetail: ReturnType<typeof imageDetailQueries>;
  readonly jobs: ReturnType<typeof jobQueries>;
  readonly maps: ReturnType<typeof mapQueries>;
  readonly overview: ReturnType<typeof overviewQueries>;
  readonly policies: ReturnType<typeof policyQueries>;
  readonly reports: ReturnType<typeof reportQueries>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.events = eventQueries(db);
    this.batches = batchQueries(db);
    this.images = imageQueries(db);
    this.facts = factsQueries(db);
    this.scores = scoreQueries(db);
    this.queue = queueQueries(db);
    this.decisions = decisionQueries(db);
    this.review = reviewQueries(db);
    this.explore = exploreQueries(db);
    this.labelReports = labelReportQueries(db);
    this.imageDetail = imageDetailQueries(db);
    this.jobs = jobQueries(db);
    this.maps = mapQueries(db);
    this.overview = overviewQueries(db);
    this.policies = policyQueries(db);
    this.reports = reportQueries(db);
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
    try {
      // A reader may outlive this connection, and then closing alone would leave everything in the -wal file.
      this.#db.pragma('busy_timeout = 200');
      if (!this.#db.readonly) this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // On a full disk, say: what was recorded is safe where it is.
    }
    this.#db.close();
  }
}

import Database from 'better-sqlite3';
import { AssayError } from '../rpc/errors.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { auditQueries } from './queries/audit.ts';
import { batchQueries } from './queries/batches.ts';
import { copyQueries } from './queries/copies.ts';
import { costQueries } from './queries/costs.ts';
import { decisionQueries } from './queries/decisions.ts';
import { digestQueries } from './queries/digests.ts';
import { eventQueries } from './queries/events.ts';
import { experimentQueries } from './queries/experiments.ts';
import { exploreQueries } from './queries/explore.ts';
import { factsQueries } from './queries/facts.ts';
import { handoutQueries } from './queries/handouts.ts';
import { imageDetailQueries } from './queries/image-detail.ts';
import { imageQueries } from './queries/images.ts';
import { jobQueries } from './queries/jobs.ts';
import { labelReportQueries } from './queries/label-reports.ts';
import { mapQueries } from './queries/maps.ts';
import { mixQueries } from './queries/mixes.ts';
import { overviewQueries } from './queries/overview.ts';
import { objectQueries } from './queries/objects.ts';
import { patchQueries } from './queries/patches.ts';
import { peopleQueries } from './queries/people.ts';
import { planQueries } from './queries/plans.ts';
import { policyQueries } from './queries/policies.ts';
import { rehearsalQueries } from './queries/rehearsal.ts';
import { queueQueries } from './queries/queue.ts';
import { reportQueries } from './queries/reports.ts';
import { reviewQueries } from './queries/review.ts';
import { roundQueries } from './queries/rounds.ts';
import { scoreQueries } from './queries/scores.ts';
import { signatureQueries } from './queries/signatures.ts';
import { tagQueries } from './queries/tags.ts';
import { trailQueries } from './queries/trail.ts';

/** The tables that replaying the events must reproduce, each with the order in which rows are compared. */
export const PROJECTION = {
  project: 'id',
  label: 'id',
  batch: 'id',
  batch_parent: 'batch_id, parent_id',
  batch_left: 'batch_id, kind, name',
  image: 'id',
  file: 'id',
  file_copy: 'file_id',
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
  copy_answer: 'image_id, other_image_id',
  tag: 'id',
  image_tag: 'tag_id, image_id',
  reviewer_resume: 'id',
  release: 'id',
  person: 'id',
  access: 'id',
  person_key: 'id',
  competence: 'id',
  guideline: 'seq',
  signature: 'seq',
  handout: 'id',
  handout_item: 'handout_id, position',
  handout_answer: 'handout_id, number',
  mix_policy: 'id',
  training_round: 'id',
  cost_currency: 'id',
  cost_input: 'input',
  experiment: 'id',
} as const;

const QUERIES = {
  events: eventQueries,
  batches: batchQueries,
  images: imageQueries,
  facts: factsQueries,
  scores: scoreQueries,
  queue: queueQueries,
  audit: auditQueries,
  copies: copyQueries,
  costs: costQueries,
  decisions: decisionQueries,
  digests: digestQueries,
  review: reviewQueries,
  experiments: experimentQueries,
  explore: exploreQueries,
  labelReports: labelReportQueries,
  imageDetail: imageDetailQueries,
  jobs: jobQueries,
  maps: mapQueries,
  mixes: mixQueries,
  overview: overviewQueries,
  objects: objectQueries,
  patches: patchQueries,
  people: peopleQueries,
  plans: planQueries,
  policies: policyQueries,
  rehearsal: rehearsalQueries,
  reports: reportQueries,
  rounds: roundQueries,
  signatures: signatureQueries,
  handouts: handoutQueries,
  tags: tagQueries,
  trail: trailQueries,
};
type Queries = { readonly [T in keyof typeof QUERIES]: ReturnType<(typeof QUERIES)[T]> };

/** Functions that write, by topic; all others only read. db/store.test.ts compares this with their SQL. */
export const WRITES = {
  events: ['insert'],
  batches: ['insertProject', 'setRerankAfter', 'replaceLeft', 'insert', 'insertParent', 'ensureLabel'],
  images: ['insert', 'markCopied', 'settleHome', 'insertFile', 'dropFailure', 'insertBox'],
  facts: ['insertFacts', 'insertGeneration', 'insertEmbedding'],
  scores: [
    'insertRun',
    'clearFrom',
    'ensureName',
    'insertScore',
    'insertPrediction',
    'insertFlag',
    'insertLabelModel',
    'insertSimulation',
  ],
  queue: ['insert', 'describe', 'insertItem', 'insertMember', 'insertGold', 'move', 'markRanked', 'askFor'],
  decisions: [
    'insert',
    'insertBox',
    'settle',
    'insertAct',
    'takeFromAct',
    'insertResume',
    'insertRelease',
    'removeRelease',
  ],
  copies: ['put', 'remove'],
  costs: ['put', 'remove', 'putCurrency'],
  experiments: ['insert'],
  labelReports: ['put'],
  mixes: ['putPolicy'],
  jobs: ['save', 'clear'],
  objects: ['insertVector', 'insertVerdict'],
  patches: ['insert', 'insertMap'],
  people: [
    'insert',
    'change',
    'insertKey',
    'endKey',
    'putWrapped',
    'dropWrapped',
    'insertCompetence',
    'withdraw',
    'insertGuideline',
    'turnOn',
    'setRequirements',
  ],
  policies: ['put', 'remove'],
  rehearsal: ['insert'],
  reports: ['put'],
  rounds: ['insert'],
  signatures: ['insert'],
  handouts: ['insert', 'insertItem', 'insertAnswer', 'take', 'recall'],
  tags: ['change', 'put', 'take', 'dropEmpty'],
} as const satisfies { [T in keyof Queries]?: readonly (keyof Queries[T])[] };

type Writes<T> = T extends keyof typeof WRITES ? (typeof WRITES)[T][number] : never;

/** The reading queries of one open database. A `WritableStore` is also a `Store`; the reverse does not compile. */
export interface Store extends Readonly<{ [T in keyof Queries]: Omit<Queries[T], Writes<T>> }> {
  /** The rows of one table of the projection in their order, as arrays. */
  rows(table: keyof typeof PROJECTION): IterableIterator<unknown[]>;
  columns(table: keyof typeof PROJECTION): string[];
  /** SQLite's own check of the file: `ok`, or the fault. */
  integrity(): string;
  /** Runs `act` on one snapshot, whatever others write meanwhile. */
  snapshot<T>(act: () => T): T;
  close(): void;
}

/** Every query of one open database, including those that write. */
export interface WritableStore extends Omit<Store, keyof Queries>, Queries {
  /** Runs `act` in one immediate transaction, all or nothing. A full disk has its own error message. */
  transaction<T>(act: () => T): T;
  /**
   * Waits until no thread of this process writes through its own connection. SQLite would wait too, but block this
   * thread meanwhile. A write right after this, without another wait, is safe.
   */
  whenFree(): Promise<void>;
  /** Waits for a thread's turn to write. Returns a function that ends the turn. */
  turnToWrite(): Promise<() => void>;
}

/** Opens a project's file; see `openDatabase` for the modes and the errors. */
export function openStore(file: string, mode: 'create' | 'write'): WritableStore;
export function openStore(file: string, mode: 'read'): Store;
export function openStore(file: string, mode: 'create' | 'write' | 'read'): Store {
  return storeOver(openDatabase(file, mode));
}

/** Creates an empty in-memory database of this build's schema, for a replay. */
export function storeInMemory(): WritableStore {
  const db = new Database(':memory:');
  migrate(db);
  return storeOver(db);
}

/** Prepares every query on an open database, once. */
export function storeOver(db: Database.Database): WritableStore {
  const queries = Object.fromEntries(
    Object.entries(QUERIES).map(([topic, prepare]) => [topic, prepare(db)]),
  ) as unknown as Queries;
  let turn = Promise.resolve();
  return {
    ...queries,
    whenFree: () => turn,
    async turnToWrite() {
      const { promise, resolve: end } = Promise.withResolvers<void>();
      const before = turn;
      turn = before.then(() => promise);
      await before;
      return end;
    },
    transaction(act) {
      try {
        return db.transaction(act).immediate();
      } catch (error) {
        const code = (error as { code?: string }).code ?? '';
        if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR'))
          throw new AssayError(
            'DISK_FULL',
            `The project could not be written (${code}): free some disk space at ${db.name} and run the same command again. Nothing recorded before was lost.`,
            { file: db.name },
            error,
          );
        throw error;
      }
    },
    rows: (table) =>
      db.prepare<[], unknown[]>(`SELECT * FROM ${table} ORDER BY ${PROJECTION[table]}`).raw().iterate(),
    columns: (table) =>
      db
        .prepare(`SELECT * FROM ${table} LIMIT 0`)
        .columns()
        .map((column) => column.name),
    snapshot: (act) => db.transaction(act).deferred(),
    integrity: () => String(db.pragma('integrity_check', { simple: true })),
    close() {
      try {
        // If a reader outlives this connection, closing alone would leave everything in the -wal file.
        db.pragma('busy_timeout = 200');
        if (!db.readonly) db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // For example on a full disk: the recorded data is safe in the -wal file.
      }
      db.close();
    },
  };
}

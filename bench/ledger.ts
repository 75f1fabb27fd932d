import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { leavesOf } from '../core/ledger/checkpoint.ts';
import { edgeRoot, EMPTY_EDGE, grown } from '../core/ledger/merkle.ts';
import { record } from '../core/ledger/ledger.ts';
import { verifyChain } from '../core/ledger/verify.ts';
import { Project, type WritableProject } from '../core/project/project.ts';
import { decide } from '../core/review/decide.ts';
import { AssayError } from '../rpc/errors.ts';
import { ACTOR, timed, type BenchContext } from './context.ts';
import { number, percent, type Table } from './report.ts';

export interface LedgerRates {
  events: number;
  /** One decision, one event, one transaction that is on disk before the next one begins. */
  appendPerSecond: number;
  /** One row of the same length per transaction of bare SQLite, as safely. */
  bareTransactionsPerSecond: number;
  appendShareOfBare: number;
  /** Links, hashes and canonical form. */
  verifyPerSecond: number;
  /** Leaves of the Merkle tree whose root a checkpoint signs. */
  merklePerSecond: number;
  /** Milliseconds to the next root when one event was added. */
  nextRootMs: number;
}

/** How fast decisions are recorded one by one, and how fast a ledger of them is verified. */
export async function measureLedger(bench: BenchContext, decisions: number): Promise<LedgerRates> {
  bench.say(`Ledger: ${decisions} decisions, one by one …`);
  const project = Project.create(join(bench.workFolder, 'ledger.assay'), ACTOR);
  try {
    const images = Array.from({ length: decisions }, (_, i) =>
      createHash('sha256').update(`image ${i}`).digest('hex'),
    );
    recordImages(project, images);
    const appending = await timed(() => {
      for (const sha256 of images) {
        bench.signal.throwIfAborted();
        decide(project, ACTOR, { kind: 'command' }, [{ sha256, verdict: 'accept' }]);
      }
    });
    const verifying = await timed(() => verifyChain(project.store));
    if (verifying.value.difference !== null)
      throw new AssayError(
        'INTERNAL',
        `The ledger just written does not verify: ${verifying.value.difference}`,
      );
    const { events } = verifying.value;
    const rooting = await timed(() => grown(EMPTY_EDGE, leavesOf(project.store, events)));
    decide(project, ACTOR, { kind: 'command' }, [{ sha256: images[0]!, verdict: 'accept' }]);
    const again = await timed(() =>
      edgeRoot(grown(rooting.value, leavesOf(project.store, events + 1, events))),
    );
    const bodies = [...project.store.events.all()]
      .flatMap(({ kind, body }) => (kind === 'decisions.made' ? [body] : []))
      .slice(0, decisions);
    const bare = await timed(() => appendBare(join(bench.workFolder, 'bare.db'), bodies));
    const appendPerSecond = decisions / appending.seconds;
    const bareTransactionsPerSecond = decisions / bare.seconds;
    return {
      events,
      appendPerSecond,
      bareTransactionsPerSecond,
      appendShareOfBare: appendPerSecond / bareTransactionsPerSecond,
      verifyPerSecond: events / verifying.seconds,
      merklePerSecond: events / rooting.seconds,
      nextRootMs: 1000 * again.seconds,
    };
  } finally {
    project.close();
  }
}

/** A batch of images known by their hashes alone, which is all that a decision needs. */
function recordImages({ store }: WritableProject, images: string[]): void {
  const batch = 'batch';
  const image = { format: 'png', width: 64, height: 64, copied: false };
  record(store, ACTOR, 'batch.created', {
    name: batch,
    role: 'synthetic',
    root: 'nowhere',
    source: 'flat-folder',
    parents: [],
    classes: ['part'],
  });
  record(store, ACTOR, 'files.imported', {
    batch,
    files: images.map((sha256, i) => ({
      path: `${i}.png`,
      bytes: 1000,
      label: 'part',
      image: { sha256, ...image },
    })),
  });
}

function appendBare(file: string, bodies: string[]): void {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT) STRICT');
    const insert = db.prepare<[string]>('INSERT INTO row (body) VALUES (?)');
    for (const body of bodies) insert.run(body);
  } finally {
    db.close();
  }
}

export function ledgerTable(rates: LedgerRates): Table {
  return {
    title: `Ledger: ${number(rates.events)} events`,
    columns: ['what', 'events/s', 'append as a share of it'],
    rows: [
      ['append, each on disk before the next', number(rates.appendPerSecond), ''],
      [
        'limit: bare SQLite transactions',
        number(rates.bareTransactionsPerSecond),
        percent(rates.appendShareOfBare),
      ],
      ['verify links, hashes and canonical form', number(rates.verifyPerSecond), ''],
      ['Merkle root of a checkpoint, in leaves', number(rates.merklePerSecond), ''],
      ['the next root, one event later', `${rates.nextRootMs.toPrecision(2)} ms`, ''],
    ],
    notes: [
      'An append is one reviewer decision through the same function as in the product. The limit writes one row of the same text per transaction, in the same folder and with the same safety (WAL, synchronous FULL).',
    ],
  };
}

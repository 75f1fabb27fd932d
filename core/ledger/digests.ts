import { createHash, hash } from 'node:crypto';
import type { DerivedRow } from '../../db/queries/digests.ts';
import type { Store } from '../../db/store.ts';
import { canonicalJson } from './canonical.ts';
import type { EventBodies } from './events.ts';

// Derived rows are not in the events; their digests are. docs/ledger.md describes each for verifiers.

/** sha256 over everything that a run derived, so that its event attests rows that are not in the ledger themselves. */
export function runDigest(store: Store, run: number): string {
  const digest = createHash('sha256');
  for (const row of store.scores.digestRows(run)) digest.update(`${JSON.stringify(row)}\n`);
  digest.update(store.scores.labelModel(run) ?? '');
  digest.update(store.scores.simulation(run) ?? '');
  return digest.digest('hex');
}

/** What else the event of a run attests: names of scores, what they were computed from, and reports and maps. */
export function runAttests(
  store: Store,
  run: number,
  models: readonly string[],
  images: number,
): Pick<EventBodies['run.finished'], 'scores' | 'vectors' | 'reports'> {
  return {
    scores: store.scores.names(),
    vectors: models.map((model) => vectorsDigest(store, model, images)),
    reports: rowsDigest(store.digests.reports(run)),
  };
}

/** What an event says of a model's vectors of the first so many images. */
export function vectorsDigest(
  store: Store,
  model: string,
  images: number,
): NonNullable<EventBodies['run.finished']['vectors']>[number] {
  return {
    model,
    digest: rowsDigest(store.digests.vectors(model, images)),
    // Where some have none, they may be computed later.
    patches:
      store.patches.count(model) < images ? undefined : rowsDigest(store.digests.patches(model, images)),
  };
}

/** The digest of rows in their order, each a line: its canonical form, where bytes are given by their sha256. */
export function rowsDigest(rows: Iterable<DerivedRow>): string {
  const digest = createHash('sha256');
  for (const row of rows) {
    const values = Object.entries(row).map(([key, value]) => [
      key,
      value instanceof Uint8Array ? hash('sha256', value, 'hex') : value,
    ]);
    digest.update(`${canonicalJson(Object.fromEntries(values))}\n`);
  }
  return digest.digest('hex');
}

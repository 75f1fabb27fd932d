import { storeInMemory, PROJECTION, type Store } from '../../db/store.ts';
import { canonicalJson } from './canonical.ts';
import { eventHash, GENESIS, isSetBack } from './ledger.ts';
import type { ClockJump } from '../../rpc/contract/ledger.ts';
import { project } from './projector.ts';

/** The first difference, in words, or null. */
export type Difference = string | null;

/**
 * Recomputes every hash of the chain and requires each body to be its own canonical form. `expectedHead` is a hash kept
 * elsewhere: without it, a ledger that was cut short or rewritten as a whole looks sound. Times are as each event has
 * them, so one that is earlier than the one before it is the record of a clock that was set back.
 */
export function verifyChain(
  store: Store,
  expectedHead?: string,
): { events: number; head: string; clockJumps: ClockJump[]; difference: Difference } {
  let previous = GENESIS;
  let seq = 0;
  let at = '';
  const clockJumps: ClockJump[] = [];
  let headSeen = expectedHead === undefined;
  for (const event of store.events.all()) {
    seq += 1;
    const fail = (difference: string) => ({
      events: seq,
      head: previous,
      clockJumps,
      difference: `event ${event.seq}: ${difference}`,
    });
    if (event.seq !== seq) return fail(`expected number ${seq}`);
    if (event.previousHash !== previous) return fail('its link to the event before it does not match');
    let canonical: string;
    try {
      canonical = canonicalJson(JSON.parse(event.body));
    } catch {
      return fail('its body is not JSON');
    }
    if (canonical !== event.body) return fail('its body is not in canonical form');
    if (eventHash(event) !== event.hash) return fail('its hash does not match its content');
    if (isSetBack(at, event.at)) clockJumps.push({ seq, before: at, at: event.at });
    at = event.at;
    previous = event.hash;
    headSeen ||= event.hash === expectedHead;
  }
  return {
    events: seq,
    head: previous,
    clockJumps,
    difference: headSeen
      ? null
      : `the ledger does not contain the expected head ${expectedHead}: it was cut short or rewritten`,
  };
}

/** Replays all events into an empty database and compares every state table, row by row. */
export function verifyProjection(store: Store): Difference {
  const replayed = storeInMemory();
  try {
    replayed.transaction(() => {
      for (const event of store.events.all()) project(replayed, event);
    });
    for (const table of Object.keys(PROJECTION) as (keyof typeof PROJECTION)[]) {
      const difference = compareTable(store, replayed, table);
      if (difference) return difference;
    }
    return null;
  } catch (error) {
    return `the events do not replay: ${(error as Error).message}`;
  } finally {
    replayed.close();
  }
}

function compareTable(store: Store, replayed: Store, table: keyof typeof PROJECTION): Difference {
  const columns = store.columns(table);
  const kept = store.rows(table);
  const made = replayed.rows(table);
  for (let row = 1; ; row++) {
    const a = kept.next();
    const b = made.next();
    if (a.done && b.done) return null;
    const left = a.value as unknown[] | undefined;
    const right = b.value as unknown[] | undefined;
    const column = a.done || b.done ? -1 : left!.findIndex((value, i) => value !== right![i]);
    if (!a.done && !b.done && column === -1) continue;
    kept.return?.();
    made.return?.();
    if (a.done) return `table ${table}: row ${row} is missing (the events give ${JSON.stringify(right)})`;
    if (b.done) return `table ${table}: row ${row} (${JSON.stringify(left)}) is explained by no event`;
    return `table ${table}, row ${row}, ${columns[column]}: ${JSON.stringify(left![column])} instead of ${JSON.stringify(right![column])}`;
  }
}

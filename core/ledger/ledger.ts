import { createHash } from 'node:crypto';
import type { EventRow } from '../../db/queries/events.ts';
import type { Store, WritableStore } from '../../db/store.ts';
import type { ClockJump } from '../../rpc/contract/ledger.ts';
import { APP_VERSION } from '../base/version.ts';
import { canonicalJson } from './canonical.ts';
import type { EventBodies, EventKind } from './events.ts';
import { project } from './projector.ts';

/** The hash before the first event. */
export const GENESIS = '0'.repeat(64);

/**
 * The event's RFC 8785 text, whose sha256 is its hash. The stored body is already canonical and is included unchanged,
 * so the whole text is canonical. docs/ledger.md describes the format for writing a verifier.
 */
export function eventLine(event: Omit<EventRow, 'hash'>): string {
  const head = canonicalJson({ actor: event.actor, app: event.app, at: event.at }).slice(0, -1);
  const tail = canonicalJson({
    kind: event.kind,
    previousHash: event.previousHash,
    seq: event.seq,
    zoneOffsetMinutes: event.zoneOffsetMinutes,
  }).slice(1);
  return `${head},"body":${event.body},${tail}`;
}

export function eventHash(event: Omit<EventRow, 'hash'>): string {
  return createHash('sha256').update(eventLine(event)).digest('hex');
}

/**
 * Records one act in one transaction: its event and the rows that it explains, after an event of its own where the clock
 * was set back since the last one. `derive` writes derived rows of the same act. Returns the event's sequence number once everything is on disk.
 */
export function record<K extends EventKind>(
  store: WritableStore,
  actor: string,
  kind: K,
  body: EventBodies[K],
  derive?: () => void,
): number {
  if (actor.trim() === '') throw new Error('an act needs an actor');
  return store.transaction(() => {
    const now = new Date();
    recordClock(store, actor, now);
    const seq = append(store, actor, now, kind, body);
    derive?.();
    return seq;
  });
}

/** Records that the clock was set back since the newest event, if it was: within the transaction of the act that comes next. */
export function recordClock(store: WritableStore, actor: string, now: Date): void {
  const before = store.events.last()?.at;
  if (before !== undefined && isSetBack(before, now.toISOString()))
    append(store, actor, now, 'clock.set-back', { before });
}

/** Clocks that agree with the world's are set back by less, many times a day. */
const CLOCK_JUMP_MS = 1000;

/** Whether a clock that showed one time and then another was set back in between. */
export function isSetBack(before: string, at: string): boolean {
  return Date.parse(at) < Date.parse(before) - CLOCK_JUMP_MS;
}

/** When the clock was found set back, by the events that say so. Those of earlier versions show it by their times alone. */
export function recordedClockJumps(store: Store): ClockJump[] {
  return store.events.ofKind('clock.set-back').map(({ seq, at, body }) => ({
    seq,
    at,
    before: (JSON.parse(body) as EventBodies['clock.set-back']).before,
  }));
}

/** Writes one event with the rows that it explains. */
function append<K extends EventKind>(
  store: WritableStore,
  actor: string,
  now: Date,
  kind: K,
  body: EventBodies[K],
): number {
  const last = store.events.last();
  const unhashed = {
    seq: (last?.seq ?? 0) + 1,
    at: now.toISOString(),
    zoneOffsetMinutes: -now.getTimezoneOffset(),
    actor,
    app: APP_VERSION,
    kind,
    body: canonicalJson(body),
    previousHash: last?.hash ?? GENESIS,
  };
  const event = { ...unhashed, hash: eventHash(unhashed) };
  store.events.insert(event);
  project(store, event);
  return event.seq;
}

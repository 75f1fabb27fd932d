import type { AuditPlan } from '../../rpc/contract/audit.ts';
import type { AuditPromise, QueueForecast, QueueMade } from '../../rpc/contract/queue.ts';
import type { Store } from '../../db/store.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';
import { estimateRest, type AuditEvidence } from './audit.ts';
import { auditsNeeded, smallest } from './audits-needed.ts';
import { restEvidence } from './evidence.ts';

const GOOD_BOUND = 0.05;
const MOST_ERRORS_PLANNED = 3;

/** Returns audit sizes, by the number of errors allowed in them, for what nobody has reviewed; `open` without a queue. */
export function auditPlan(store: Store, maxRate: number, confidence: number, open: () => number): AuditPlan {
  const evidence = restEvidence(store);
  const waves = evidence?.waves.filter(({ sampled }) => sampled > 0) ?? [];
  const later = evidence?.later ?? 0;
  const next = evidence
    ? {
        unseen: evidence.unseen + later,
        waves: waves.map((wave) => ({
          ...wave,
          outside: wave.outside + later,
          newer: wave.newer + later,
        })),
      }
    : { unseen: open(), waves: [] };
  return {
    population: next.unseen,
    audits: waves.length,
    maxRate,
    confidence,
    sizes: Array.from({ length: MOST_ERRORS_PLANNED + 1 }, (_, allowedErrors) => ({
      allowedErrors,
      size: auditsNeeded(next, maxRate, confidence, allowedErrors),
    })),
  };
}

/**
 * What the audit of a queue that is still to be made would be worth by itself, so that its size can be chosen: `share`
 * of its items is the audit, of `candidates` images.
 */
export function promiseAhead(candidates: number, items: number, share: number): QueueForecast {
  const total = Math.min(items, candidates);
  const audited = Math.round(share * total);
  const rest = candidates - (total - audited);
  return { items: total, audited, promise: auditPromise(unaudited(rest), audited, total, share) };
}

function unaudited(rest: number): AuditEvidence {
  const wave = { sampled: 0, errors: 0, unsure: 0, foundElsewhere: 0, outside: 0, newer: 0 };
  return { unseen: rest, waves: [{ population: rest, ...wave }] };
}

/** What a new queue's audit will be worth; a queue limited to some images asks about these alone. */
export function promiseOf(
  store: Store,
  { queue, rest, audited, items }: Pick<QueueMade, 'queue' | 'rest' | 'audited' | 'items'>,
): AuditPromise | null {
  const evidence = restEvidence(store);
  const isPooled = evidence?.waves.at(-1)?.queue.id === queue;
  const { shares } = JSON.parse(store.queue.byId(queue)!.policy) as RecordedQueuePolicy;
  const whole = Object.values(shares ?? {}).reduce((sum, share) => sum + share, 0);
  const share = shares?.audit && whole > 0 ? shares.audit / whole : audited / items;
  return auditPromise(isPooled ? evidence : unaudited(rest), audited, items, share);
}

/**
 * Returns what the newest queue's audit will say, together with earlier ones, if the rest of it is sound, and the sizes
 * of audit and queue at which it would bound the rest by 5 %. The audit keeps its `share` of the queue's items; what a
 * larger queue ranks leaves the rest, so that the size is never more than all there is. Null without an audit.
 */
export function auditPromise(
  evidence: AuditEvidence,
  audited: number,
  items: number,
  share = audited / items,
): AuditPromise | null {
  const { waves } = evidence;
  const newest = waves.at(-1);
  if (!newest || audited === 0) return null;
  const open = evidence.unseen + newest.sampled;
  const withAudit = (size: number, ranked = 0) => {
    const unseen = Math.max(0, open - ranked - size);
    return estimateRest({
      unseen,
      waves: waves.map((wave) => ({
        ...wave,
        outside: Math.min(wave.outside, unseen),
        ...(wave === newest ? { sampled: size, population: Math.max(size, wave.population - ranked) } : {}),
      })),
    });
  };
  const shareOf = (size: number): number => {
    const { unseen, unseenUpper } = withAudit(size);
    return unseen === 0 ? 0 : unseenUpper / unseen;
  };
  const auditOf = (size: number): number => Math.round(share * size);
  const itemsFor5 = smallest(items + open - audited, (size) => {
    const audit = auditOf(size);
    return withAudit(audit, size - audit - (items - audited)).rateUpper <= GOOD_BOUND;
  });
  return { unseen: open - audited, atMost: shareOf(audited), auditFor5: auditOf(itemsFor5), itemsFor5 };
}

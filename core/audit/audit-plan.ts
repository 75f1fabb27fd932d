import type { AuditPlan } from '../../rpc/contract/audit.ts';
import type { AuditPromise, QueueMade } from '../../rpc/contract/queue.ts';
import type { Store } from '../../db/store.ts';
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

/** What a new queue's audit will be worth; a queue limited to some images asks about these alone. */
export function promiseOf(
  store: Store,
  { queue, rest, audited, items }: Pick<QueueMade, 'queue' | 'rest' | 'audited' | 'items'>,
): AuditPromise | null {
  const evidence = restEvidence(store);
  const isPooled = evidence?.waves.at(-1)?.queue.id === queue;
  const alone = {
    population: rest,
    sampled: 0,
    errors: 0,
    unsure: 0,
    foundElsewhere: 0,
    outside: 0,
    newer: 0,
  };
  return auditPromise(isPooled ? evidence : { unseen: rest, waves: [alone] }, audited, items);
}

/**
 * Returns what the newest queue's audit will say, together with earlier ones, if the rest of it is sound, and the sizes
 * of audit and queue at which it would bound the rest by 5 %. The audit keeps its share of the queue's `items`. Null
 * without an audit.
 */
export function auditPromise(evidence: AuditEvidence, audited: number, items: number): AuditPromise | null {
  const { waves } = evidence;
  const newest = waves.at(-1);
  if (!newest || audited === 0) return null;
  const open = evidence.unseen + newest.sampled;
  const withAudit = (size: number) => {
    const unseen = open - size;
    return estimateRest({
      unseen,
      waves: waves.map((wave) => ({
        ...wave,
        outside: Math.min(wave.outside, unseen),
        ...(wave === newest ? { sampled: size } : {}),
      })),
    });
  };
  const shareOf = (size: number): number => {
    const { unseen, unseenUpper } = withAudit(size);
    return unseen === 0 ? 0 : unseenUpper / unseen;
  };
  // Ranked items join the rest when the queue gets smaller, and leave it when it grows; that changes little.
  const auditFor5 = smallest(open, (size) => withAudit(size).rateUpper <= GOOD_BOUND);
  return {
    unseen: open - audited,
    atMost: shareOf(audited),
    auditFor5,
    itemsFor5: Math.ceil((auditFor5 * items) / audited),
  };
}

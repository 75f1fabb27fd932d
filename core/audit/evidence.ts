import type { QueueRow } from '../../db/queries/queue.ts';
import type { Store } from '../../db/store.ts';
import { isTied } from '../ledger/distribution.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';
import { boardOf } from '../review/board.ts';
import type { AuditEvidence, AuditWave } from './audit.ts';

type Finding = 'sound' | 'wrong' | 'unsure';

/** An item of a queue and its outcome; null while nobody has reviewed it there. */
interface AuditLook {
  imageId: number;
  stratum: string;
  finding: Finding | null;
  /** Number of the event of its first answer there; infinite without one. */
  seq: number;
}

/**
 * Returns every item of a queue with the outcome of its own review. A decision on the image elsewhere, in Explore or by
 * command, is not a review of the item: it neither adds to the audit nor removes an answer. An item that was skipped, or
 * that its reviewers disagree on, is unsure: the bounds count it as an error. So is one of a queue that ends in
 * distributions of which no answer is the commonest.
 */
export function auditLooks(store: Store, queueId: number): AuditLook[] {
  const board = boardOf(store, queueId);
  return store.queue.chances(queueId).map(({ imageId, stratum }) => {
    const { answers, adjudicated, ...state } = board.state(imageId);
    const isOpen =
      board.queue.endsIn === 'distribution' && !adjudicated && isTied(answers, ({ labelId }) => labelId);
    const outcome = isOpen ? null : state.outcome;
    const reviews = board.entries(imageId).filter(({ purpose }) => purpose === 'review');
    const isUnsure =
      !outcome &&
      (reviews.some(({ verdict }) => verdict === 'skip') || answers.length >= board.wanted(imageId));
    return {
      imageId,
      stratum,
      finding: outcome ? (outcome.verdict === 'accept' ? 'sound' : 'wrong') : isUnsure ? 'unsure' : null,
      seq: reviews.find(({ verdict }) => verdict !== 'skip')?.seq ?? outcome?.seq ?? Infinity,
    };
  });
}

/** What the reviews of all queues found of an image, and the event of the first answer; infinite while unsure. */
interface Review {
  finding: Finding;
  seq: number;
}

/** A queue's audit among all. */
export interface QueueWave extends AuditWave {
  queue: QueueRow;
  /** Images of the audit, reviewed or not. */
  drawn: ReadonlySet<number>;
  /** Whether an image of the scope's roles belongs to what the audit was drawn from. */
  contains: (imageId: number) => boolean;
  /** What is known of an image for this audit (`reviewOf`). */
  reviewOf: (imageId: number) => Review | undefined;
}

export interface RestEvidence extends AuditEvidence {
  waves: readonly QueueWave[];
  /** By image; what was reviewed in any queue. */
  reviews: ReadonlyMap<number, Review>;
  /** Images that an earlier queue ranked, that nobody answered, and that the newest did not rank again. */
  returned: number;
  /** Open images that were imported after the newest audit was drawn: nothing is known of them. */
  later: number;
  /** Audit items of the newest queue that nobody has reviewed. */
  open: number;
  /** Reviewed audit items of queues that were limited to other images: they are not pooled. */
  apart: number;
}

/**
 * Returns what the audits of all queues say of the images that nobody has reviewed: those that the newest audit was
 * drawn from, without what any queue's review has settled since. Null before a queue has an audit. A queue limited by a
 * filter, or to other roles, asked about other images, so it stays apart unless there is no other.
 */
export function restEvidence(store: Store): RestEvidence | null {
  const looksOf = new Map<number, AuditLook[]>();
  const reviews = new Map<number, Review>();
  const queues = store.queue.all().toReversed();
  for (const { id } of queues) {
    const looks = auditLooks(store, id);
    looksOf.set(id, looks);
    for (const { imageId, finding, seq } of looks) {
      const known = reviews.get(imageId);
      if (finding === null || (finding === 'unsure' && known)) continue;
      const first = Math.min(finding === 'unsure' ? Infinity : seq, known?.seq ?? Infinity);
      reviews.set(imageId, { finding, seq: first });
    }
  }
  const auditing = queues.filter(({ audited }) => audited > 0);
  const newest = auditing.findLast(({ filter }) => filter === null) ?? auditing.at(-1);
  if (!newest) return null;
  const scope = scopeOf(newest);
  const pooled = auditing.filter((queue) => scopeOf(queue) === scope);
  const roles = rolesOf(newest);
  const lastImage = store.audit.lastImageBefore(newest.seq);
  const addedSince = (seq: number): number =>
    store.audit.added(store.audit.lastImageBefore(seq), roles) - store.audit.added(lastImage, roles);

  const waves: QueueWave[] = [];
  const returned = new Set<number>();
  let unseen = 0;
  for (const queue of pooled.toReversed()) {
    const looks = looksOf.get(queue.id)!;
    const wave = waveOf(store, queue, looks, reviews, roles);
    const left = queue.rest - wave.sampled - wave.knownElsewhere;
    if (queue === newest) unseen = Math.max(0, left);
    else
      for (const { imageId, stratum } of looks)
        if (stratum !== 'audit' && !reviews.has(imageId) && waves.at(-1)!.contains(imageId))
          returned.add(imageId);
    const newer = addedSince(queue.seq);
    const fresh =
      queue === newest ? 0 : newer + returned.size + store.audit.settledOnlyIn(queue.runId, newest.runId);
    // The overlap with today's rest is at most what is left of this one.
    const outside = Math.min(unseen, Math.max(fresh, unseen - left, waves[0]?.outside ?? 0));
    waves.unshift({ ...wave, outside, newer });
  }
  const reviewed = ({ id }: QueueRow): number => {
    const looks = looksOf.get(id)!;
    const known = reviewOf(looks, reviews);
    return drawnOf(looks).filter(({ imageId }) => known(imageId)).length;
  };
  return {
    unseen,
    waves,
    reviews,
    returned: returned.size,
    later: store.audit.addedOpen(lastImage, roles, store.scores.runs().at(-1)?.id ?? 0),
    open: newest.audited - reviewed(newest),
    apart: auditing.reduce((sum, queue) => sum + (pooled.includes(queue) ? 0 : reviewed(queue)), 0),
  };
}

const drawnOf = (looks: AuditLook[]): AuditLook[] => looks.filter(({ stratum }) => stratum === 'audit');

/**
 * What the reviews of all queues say of an image, for one queue's audit. That an item which this audit drew was skipped
 * in another queue says nothing here: it is still to be looked at.
 */
function reviewOf(
  looks: AuditLook[],
  reviews: ReadonlyMap<number, Review>,
): (imageId: number) => Review | undefined {
  const open = new Set(drawnOf(looks).flatMap(({ imageId, finding }) => (finding === null ? imageId : [])));
  return (imageId) => {
    const review = reviews.get(imageId);
    return review?.finding === 'unsure' && open.has(imageId) ? undefined : review;
  };
}

function waveOf(
  store: Store,
  queue: QueueRow & { audited: number },
  looks: AuditLook[],
  reviews: ReadonlyMap<number, Review>,
  roles: readonly string[],
): Omit<QueueWave, 'outside' | 'newer'> & { knownElsewhere: number } {
  const lastImage = store.audit.lastImageBefore(queue.seq);
  const ranked = new Set(store.queue.rankedWithGroups(queue.id));
  const contains = (imageId: number): boolean =>
    imageId <= lastImage && !ranked.has(imageId) && !((reviews.get(imageId)?.seq ?? Infinity) < queue.seq);
  const drawn = new Set(drawnOf(looks).map(({ imageId }) => imageId));
  const known = reviewOf(looks, reviews);
  const own = [...drawn].flatMap((imageId) => known(imageId) ?? []);
  const elsewhere = [...reviews].filter(
    ([imageId]) =>
      !drawn.has(imageId) && contains(imageId) && roles.includes(store.images.byId(imageId)!.role),
  );
  const countOf = (finding: Finding): number => own.filter((review) => review.finding === finding).length;
  return {
    queue,
    drawn,
    contains,
    reviewOf: known,
    population: queue.rest,
    sampled: own.length,
    errors: countOf('wrong'),
    unsure: countOf('unsure'),
    foundElsewhere: elsewhere.filter(([, { finding }]) => finding === 'wrong').length,
    knownElsewhere: elsewhere.length,
  };
}

const rolesOf = ({ policy }: QueueRow): readonly string[] =>
  (JSON.parse(policy) as RecordedQueuePolicy).roles ?? ['synthetic'];

/** Queues of one scope were drawn from the same images, but for what was imported or decided in between. */
const scopeOf = (queue: QueueRow): string => JSON.stringify([queue.filter, rolesOf(queue).toSorted()]);

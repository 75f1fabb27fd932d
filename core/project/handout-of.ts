import type { Store } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import { EVENTS, type EventBodies } from '../ledger/events.ts';

/** What a project is a hand-out of, as its own record says; null where it is none. */
export function handoutOf(store: Store): EventBodies['handout.contents'] | null {
  const event = store.events.next(0, 'handout.contents');
  return event ? EVENTS['handout.contents'].parse(JSON.parse(event.body)) : null;
}

/**
 * Throws `DECISION_REFUSED` where a decision in a hand-out would be no answer of its reviewer, or would come too late:
 * it could not be taken back into the project.
 */
export function requireOwnAnswer(store: Store, reviewer: string, context: string): void {
  const handout = handoutOf(store);
  if (!handout) return;
  const refuse = (why: string): never => {
    throw new AssayError('DECISION_REFUSED', `${why} Nothing was recorded.`);
  };
  if (context !== 'review')
    refuse(`This is a hand-out of queue ${handout.queue}: its items are answered in the review.`);
  if (reviewer !== handout.reviewer)
    refuse(
      `This hand-out is for ${handout.reviewer}, and ${reviewer} answers: give that name, or ask for a hand-out of your own.`,
    );
  if (handout.expires !== undefined && new Date().toISOString() >= handout.expires)
    refuse(`This hand-out expired at ${handout.expires}: send its answers back, and ask for another one.`);
}

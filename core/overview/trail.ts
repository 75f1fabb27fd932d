import type { EventRow } from '../../db/queries/events.ts';
import type { TrailEvent } from '../../rpc/contract/trail.ts';
import { AssayError } from '../../rpc/errors.ts';
import { eventLine } from '../ledger/ledger.ts';
import type { Project } from '../project/project.ts';
import { refuseWhileReviewing } from '../review/gold.ts';
import { wordsOf } from './event-words.ts';

const EXAMPLES = 6;

export interface TrailQuery {
  by: string;
  image?: string | undefined;
  actor?: string | undefined;
  kinds?: string[] | undefined;
  from?: string | undefined;
  to?: string | undefined;
  text?: string | undefined;
  before: number | null;
  limit: number;
}

/**
 * Events that match, newest first, a page at a time. Throws `NOT_READY` for somebody in the middle of a queue with gold
 * items, which the trail would tell apart.
 */
export function queryTrail(
  project: Project,
  query: TrailQuery,
): { events: TrailEvent[]; next: number | null } {
  const { store } = project;
  refuseGold(project, query.by);
  const { image, before, limit, ...filter } = query;
  const imageId = image === undefined ? null : store.images.idOf(image);
  if (imageId === undefined)
    throw new AssayError('NOT_FOUND', `There is no image ${image!.slice(0, 12)} in this project.`);
  const rows = store.trail.page({
    imageId,
    actor: filter.actor ?? null,
    kinds: filter.kinds ? JSON.stringify(filter.kinds) : null,
    from: filter.from ?? null,
    to: filter.to ?? null,
    text: filter.text?.trim() || null,
    before: before ?? Number.MAX_SAFE_INTEGER,
    limit: limit + 1,
  });
  const events = rows.slice(0, limit).map(toTrailEvent);
  return { events, next: rows.length > limit ? events.at(-1)!.seq : null };
}

function toTrailEvent(event: EventRow): TrailEvent {
  const { seq, at, zoneOffsetMinutes, actor, kind, hash } = event;
  const { text, images } = wordsOf(event);
  return {
    seq,
    at,
    zoneOffsetMinutes,
    actor,
    kind,
    text,
    images: images.length,
    examples: images.slice(0, EXAMPLES),
    hash,
  };
}

/** Kinds and actors that occur, with how often, the most frequent first. */
export function trailFacets({ store }: Project) {
  return { kinds: store.trail.kinds(), actors: store.trail.actors() };
}

/** One event as it is recorded. Throws `NOT_FOUND`. */
export function trailEvent(project: Project, by: string, seq: number) {
  refuseGold(project, by);
  const event = project.store.events.at(seq);
  if (!event) throw new AssayError('NOT_FOUND', `There is no event ${seq}.`);
  const { hash, previousHash, body } = event;
  return { line: eventLine(event), body: JSON.parse(body) as unknown, hash, previousHash };
}

function refuseGold({ store }: Project, by: string): void {
  for (const queue of store.queue.withGold()) refuseWhileReviewing(store, queue, by);
}

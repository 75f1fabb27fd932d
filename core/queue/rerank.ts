import type { Store } from '../../db/store.ts';
import type { RerankSummary } from '../../rpc/contract/queue.ts';
import { AssayError } from '../../rpc/errors.ts';
import { prioritiesOf, readCandidates } from './candidates.ts';
import { dueAnswers } from './reranking.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { boardOf } from '../review/board.ts';
import { heldItems } from '../review/held.ts';
import { PRIORITY_STRATA, type PriorityStratum } from '../../rpc/contract/terms.ts';

interface RerankOptions {
  actor: string;
  /** Number of the queue; the newest for null. */
  queue: number | null;
  /**
   * Of a re-rank that nobody asked for: the images whose items clients were given (image id -> 1), which the owner of
   * this thread goes on marking. Null where somebody asked.
   */
  unasked: { shown: Uint8Array } | null;
}

type Items = EventBodies['queue.reranked']['items'];
type Movable = ReturnType<WritableProject['store']['queue']['movable']>;

/** Places of each stratum that an unasked re-rank fills: more than are answered until the next one. */
const FEWEST_PLACES = 100;
const PLACES_PER_ANSWER = 2;

/**
 * Ranks what is left of a queue again by the label risk that decisions have trained. Within each stratum, items without
 * any entry change places among themselves, the most suspect first; the mix of strata, the audit's places and answered
 * items stay. No item leaves or joins, so the audit still represents the same rest.
 *
 * Unasked, it is done only if the answers since the last time call for it, leaves the items that reviewers hold where
 * they are, and fills only the next places of each stratum, so that the record does not grow by a whole queue every
 * time. Throws `NOT_READY` without a decision that tells whether a label is right, unless it is unasked.
 */
export async function rerankQueue(
  project: WritableProject,
  { actor, queue, unasked }: RerankOptions,
): Promise<RerankSummary> {
  const { store } = project;
  const { id, runId } = boardOf(store, queue).queue;
  const nothing = { queue: id, seq: null, decisions: 0, wrong: 0, items: 0, moved: 0 };
  if (unasked && (dueAnswers(store, id) === null || freeOf(store, id, unasked).length === 0)) return nothing;
  const run = store.scores.run(runId)!;
  const set = readCandidates(project, run, ['synthetic', 'real'], null);
  const images = [...set.open, ...set.decided];
  const { priorities, reasons, risk } = await prioritiesOf(project, run, images, set.seeds, {
    learn: true,
  });
  if (!risk) {
    if (unasked) return nothing;
    throw new AssayError(
      'NOT_READY',
      'No decision yet tells whether a label is right: answer some items of the queue first.',
    );
  }
  const rowOf = new Map(images.map((image, row) => [image.id, row]));
  const known = new Map<number, Items[number]['reasons']>();
  const reasonsOf = (imageId: number, stratum: PriorityStratum): Items[number]['reasons'] => {
    let why = known.get(imageId);
    if (!why) known.set(imageId, (why = reasons(rowOf.get(imageId)!, stratum)));
    return why;
  };
  const plan = (answers: number | null) => {
    const left = freeOf(store, id, unasked).filter(({ imageId }) => rowOf.has(imageId));
    const reach = answers === null ? Infinity : Math.max(FEWEST_PLACES, PLACES_PER_ANSWER * answers);
    const items: Items = [];
    let moved = 0;
    for (const stratum of PRIORITY_STRATA) {
      const own = left.filter((item) => item.stratum === stratum);
      const strength = (imageId: number): number => priorities[stratum][rowOf.get(imageId)!]! || 0;
      const ranked = own.toSorted((a, b) => strength(b.imageId) - strength(a.imageId) || a.place - b.place);
      const placed = bestFirst(own, ranked, reach);
      for (const [i, { place }] of own.entries()) {
        const { imageId, ...before } = placed[i]!;
        if (before.place === place && i >= reach) continue;
        const priority = strength(imageId);
        const why = reasonsOf(imageId, stratum);
        if (before.place !== place) moved++;
        else if (before.priority === priority && before.reasons === canonicalJson(why)) continue;
        items.push({ sha256: store.images.byId(imageId)!.sha256, place, priority, reasons: why });
      }
    }
    return { items, left, moved };
  };
  // Reasons take long to find, and while this writes, the process's other writers wait: they are found before that.
  plan(unasked && dueAnswers(store, id));
  return store.transaction(() => {
    // Answers went on being recorded, and items given out, until now.
    const answers = unasked && dueAnswers(store, id);
    if (unasked && answers === null) return nothing;
    const { items, left, moved } = plan(answers);
    const seq = record(store, actor, 'queue.reranked', {
      queue: id,
      afterAnswers: answers ?? undefined,
      risk,
      items,
    });
    return {
      queue: id,
      seq,
      decisions: risk.decisions,
      wrong: risk.wrong,
      items: left.length,
      moved,
    };
  });
}

/** Items that may change places: ranked ones without an entry, unasked also without those that reviewers hold. */
function freeOf(store: Store, queueId: number, unasked: RerankOptions['unasked']): Movable {
  const held = unasked && heldItems(boardOf(store, queueId), unasked.shown);
  return store.queue
    .movable(queueId)
    .filter(
      ({ imageId, stratum }) => PRIORITY_STRATA.includes(stratum as PriorityStratum) && !held?.has(imageId),
    );
}

/**
 * The items in a new order: the first `reach` places get the best, those that stood there take the places which became
 * free, and all others stay.
 */
function bestFirst(own: Movable, ranked: Movable, reach: number): Movable {
  const best = ranked.slice(0, reach);
  const chosen = new Set(best);
  const displaced = own.slice(0, reach).filter((item) => !chosen.has(item));
  return [...best, ...own.slice(reach).map((item) => (chosen.has(item) ? displaced.shift()! : item))];
}

import type { Store } from '../../db/store.ts';
import { LARGEST_GRID, type ReviewItem, type Together } from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import { streamOf } from '../base/numeric/random.ts';
import { handoutOf } from '../project/handout-of.ts';
import type { Project } from '../project/project.ts';
import { boardOf, type QueueBoard } from './board.ts';
import { keptOutBy } from './copy-answers.ts';
import { itemsAt, reasonsShown } from './items.ts';
import type { Place } from './order.ts';

/** Places looked at for one grid: a class is a column of a table, a reason may have to be computed. */
const LOOKED_AT = { class: 20_000, reason: 2000 } as const;

const audits = new WeakMap<QueueBoard, Set<number>>();

/** Images of the queue's audit items. */
function auditOf(store: Store, board: QueueBoard): Set<number> {
  let audit = audits.get(board);
  if (!audit) {
    const items = store.queue.chances(board.queue.id).filter(({ stratum }) => stratum === 'audit');
    audits.set(board, (audit = new Set(items.map(({ imageId }) => imageId))));
  }
  return audit;
}

/**
 * Whether an item is looked at by itself, never in a grid. That holds for every audit item, and for as large a share of
 * all others, gold items among them, drawn by the queue's seed: so that what comes one by one is no sure sign of the audit.
 */
export function staysAlone(store: Store, board: QueueBoard, imageId: number): boolean {
  const { id, seed } = board.queue;
  const audit = auditOf(store, board);
  return (
    audit.has(imageId) || streamOf(seed, `alone ${id} ${imageId}`)() < audit.size / (board.items.length || 1)
  );
}

/** Why a queue has no grids, or null. */
export function whyNoGrids(store: Store, { queue }: QueueBoard): string | null {
  // Which items stay alone would tell the audit's, and a hand-out does not know them.
  if (handoutOf(store)) return 'a hand-out has no grids: its items are looked at one by one.';
  return queue.blind === 1
    ? `queue ${queue.id} is blind: a grid gathers what has the same label or reason, which would tell both.`
    : null;
}

/**
 * Up to `count` items of a reviewer's order that can be looked at together: those without any entry of theirs that need an
 * answer and do not stay alone. The first of them says which class, as shown, or which first reason the others share.
 * Empty where only single items are left. Throws `NOT_READY` for a blind queue.
 */
export function gridPage(
  project: Project,
  queueId: number | null,
  reviewer: string,
  count: number,
  together: Together,
): ReviewItem[] {
  const { store } = project;
  const board = boardOf(store, queueId);
  const why = whyNoGrids(store, board);
  if (why) throw new AssayError('NOT_READY', why.charAt(0).toUpperCase() + why.slice(1));
  const order = board.order(reviewer);
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const found: number[] = [];
  let shared: string | null = null;
  let looked = 0;
  for (let position = board.next(reviewer); position < order.total; position++) {
    if (found.length === Math.min(count, LARGEST_GRID) || looked === LOOKED_AT[together]) break;
    const place = order.at(position);
    if (board.own(reviewer, place.imageId) || board.settledElsewhere(reviewer, position)) continue;
    if (staysAlone(store, board, place.imageId)) continue;
    looked++;
    // Of a copy it is asked first whether it is one: it cannot be accepted with the rest.
    if (keptOutBy(store, run, place.imageId)) continue;
    const key = together === 'class' ? classAt(store, place) : reasonAt(store, board, place);
    shared ??= key;
    if (key === shared) found.push(position);
  }
  return itemsAt(project, board, reviewer, found);
}

/** The class that the item is shown with. */
function classAt(store: Store, { imageId, gold }: Place): string {
  const given = store.review.shown(imageId)?.labelId;
  return String((gold ? (gold.shown ?? gold.known) : given) ?? 'none');
}

const firsts = new WeakMap<QueueBoard, { rankedSeq: number; known: Map<number, string> }>();

/** What the first reason is that the item is shown with. */
function reasonAt(store: Store, board: QueueBoard, place: Place): string {
  let held = firsts.get(board);
  if (held?.rankedSeq !== board.rankedSeq)
    firsts.set(board, (held = { rankedSeq: board.rankedSeq, known: new Map() }));
  const known = held.known.get(place.imageId);
  if (known !== undefined) return known;
  const [first] = reasonsShown(store, board, place);
  const key = !first
    ? 'none'
    : 'score' in first
      ? `score ${first.score}`
      : 'method' in first
        ? `method ${first.method}`
        : first.text;
  held.known.set(place.imageId, key);
  return key;
}

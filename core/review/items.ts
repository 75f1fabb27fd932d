import type { QueueRow } from '../../db/queries/queue.ts';
import type { ShownRow } from '../../db/queries/review.ts';
import type { StandingRow } from '../../db/queries/decisions.ts';
import type { Store } from '../../db/store.ts';
import type { Reason } from '../../rpc/contract/reasons.ts';
import type { ReviewItem } from '../../rpc/contract/reviews.ts';
import type { Project } from '../project/project.ts';
import { alike, sharesOf } from '../ledger/distribution.ts';
import { boardOf, type QueueBoard } from './board.ts';
import { isCrowd, toBoxes, type Box } from '../base/boxes.ts';
import { shownShape } from './shown-shape.ts';
import { keptOutBy } from './copy-answers.ts';
import { modelViewOf } from './model-view.ts';
import type { Place } from './order.ts';
import { objectHints } from './object-hints.ts';
import { evidenceOf, reasonsFor, told } from './reasons.ts';

const EXAMPLES = 4;

type Hints = Pick<
  ReviewItem,
  'givenLabel' | 'predicted' | 'probabilities' | 'reasons' | 'examples' | 'boxes' | 'objects'
>;
const HIDDEN: Hints = {
  givenLabel: null,
  predicted: null,
  probabilities: [],
  reasons: [],
  examples: { given: [], predicted: [] },
  boxes: [],
  objects: [],
};

/**
 * Up to `count` items of a reviewer's order, from a position on. Every item of a queue follows the same rule about what
 * is shown, so that none stands out (docs/methods/review.md): a blind queue shows nothing before the answer; one with
 * gold items never shows the generator or the size of a group; independent reviewers do not see each other's answers.
 */
export function reviewItems(
  project: Project,
  queueId: number | null,
  reviewer: string,
  from: number,
  count: number,
): ReviewItem[] {
  const { store } = project;
  const board = boardOf(store, queueId);
  const last = Math.min(from + count, board.order(reviewer).total);
  const positions = Array.from({ length: Math.max(last - from, 0) }, (_, i) => from + i);
  return itemsAt(project, board, reviewer, positions);
}

/** The items at these positions of a reviewer's order. */
export function itemsAt(
  { store }: Project,
  board: QueueBoard,
  reviewer: string,
  positions: readonly number[],
): ReviewItem[] {
  const order = board.order(reviewer);
  const names = store.batches.labelNames();
  return positions.map((position) => itemAt(store, board, reviewer, position, order.at(position), names));
}

/** Positions of images in a reviewer's order of a queue, by hash or the start of one; null for those not in it. */
export function placesOf(
  { store }: Project,
  queueId: number,
  reviewer: string,
  hashes: readonly string[],
): (number | null)[] {
  const board = boardOf(store, queueId);
  return hashes.map((sha256) => {
    const [image, another] = store.images.startingWith(sha256);
    if (!image || another) return null;
    return board.order(reviewer).goldOf(image.id)?.position ?? board.placeOf(reviewer, image.id);
  });
}

function itemAt(
  store: Store,
  board: QueueBoard,
  reviewer: string,
  position: number,
  place: Place,
  names: Map<number, string>,
): ReviewItem {
  const { queue } = board;
  const { imageId } = place;
  if (!place.gold) board.shown[imageId] = 1;
  const image = store.review.shown(imageId)!;
  const own = board.own(reviewer, imageId);
  const hasGold = queue.goldRate > 0;
  const hidden = queue.blind === 1 && (!own || own.verdict === 'skip');
  // Of a gold item too, which is refused alike.
  const keptOut = keptOutBy(store, store.scores.runs().at(-1)?.id ?? 0, imageId);
  return {
    position,
    sha256: image.sha256,
    width: image.width,
    height: image.height,
    format: image.format,
    hidden,
    ...(hidden ? HIDDEN : hintsFor(store, board, image, place, own, names)),
    metadata: hasGold || hidden ? null : store.imageDetail.metadata(imageId),
    tags: hasGold || hidden || queue.reviewers > 1 ? null : store.tags.ofImage(imageId),
    keptOut: keptOut && { words: hidden ? null : keptOut.words },
    group: hasGold ? 0 : (store.queue.item(queue.id, imageId)?.members ?? 0),
    history: historyOf(store, board, reviewer, imageId, names),
    settled: board.settledElsewhere(reviewer, position) && !own,
    answer: own ? answerOf(own, names) : null,
    distribution: own ? distributionOf(board, own, names) : null,
  };
}

/** What everybody said, where the queue ends in that, to who has said their part; gold items would have none. */
function distributionOf(
  board: QueueBoard,
  own: StandingRow,
  names: Map<number, string>,
): ReviewItem['distribution'] {
  const { endsIn, goldRate, blind } = board.queue;
  const { answers, outcome } = board.state(own.imageId);
  if (endsIn !== 'distribution' || goldRate > 0 || !outcome || own.verdict === 'skip') return null;
  const groups = alike(answers, ({ labelId }) => labelId);
  return sharesOf(groups, ({ labelId }) => (labelId === null ? null : names.get(labelId)!)).map(
    (share, i) => ({
      ...share,
      by: blind === 1 ? [] : groups[i]!.map(({ reviewer }) => reviewer),
    }),
  );
}

function answerOf(own: StandingRow, names: Map<number, string>): NonNullable<ReviewItem['answer']> {
  return {
    verdict: own.verdict,
    label: own.labelId === null ? null : names.get(own.labelId)!,
    reason: own.reason,
    flagged: own.flagged === 1,
  };
}

/** What helps to judge an image under the label it is shown with. */
function hintsFor(
  store: Store,
  board: QueueBoard,
  image: ShownRow,
  { gold }: Place,
  own: StandingRow | undefined,
  names: Map<number, string>,
): Hints {
  const { queue } = board;
  const shown = shownLabel(image, gold);
  const view = modelViewOf(store, queue.runId);
  const vector = view.vector(image.id);
  const boxes = boxesOf(
    store,
    board,
    image,
    own,
    gold && gold.shown !== gold.known ? names.get(shown!)! : null,
  );
  const known = view.probabilities(image.id, vector?.raw);
  const top = known[0];
  const examplesOf = (labelId: number | null | undefined) =>
    vector && labelId ? view.examples(vector.unit, labelId, names.get(labelId)!, image.id, EXAMPLES) : [];
  return {
    givenLabel: shown === null ? null : names.get(shown)!,
    predicted: top ? { label: names.get(top.labelId)!, probability: top.probability } : null,
    probabilities: known.map(({ labelId, probability }) => ({ label: names.get(labelId)!, probability })),
    reasons: evidenceOf(store, queue, reasonsOf(store, queue, image, gold, known)),
    examples: {
      given: examplesOf(shown),
      predicted: top && top.labelId !== shown ? examplesOf(top.labelId) : [],
    },
    boxes,
    objects:
      queue.goldRate > 0 || boxes.some(({ of }) => of?.decision !== null)
        ? []
        : objectHints(store, queue.runId, image.id, names),
  };
}

const shownLabel = (image: ShownRow, gold: Place['gold']): number | null =>
  gold ? (gold.shown ?? gold.known) : image.labelId;

/** Why an item is queued, as recorded; else what is rare about it under the label shown, by what the model `known`. */
function reasonsOf(
  store: Store,
  queue: QueueRow,
  image: ShownRow,
  gold: Place['gold'],
  known: readonly { labelId: number; probability: number }[],
): Reason[] {
  // With gold items in the queue no item's recorded reasons are used: to tell anew what is said of gold items alone
  // would give them away by its words or by the time that it takes.
  const recorded = queue.goldRate > 0 ? undefined : store.queue.item(queue.id, image.id)?.reasons;
  const said = recorded === undefined ? [] : (JSON.parse(recorded) as Reason[]);
  if (said.length > 0) return said;
  const shown = shownLabel(image, gold);
  // A model gives every class a probability; a lone prediction says nothing about the label shown.
  const ofShown = known.length > 1 ? known.find(({ labelId }) => labelId === shown) : undefined;
  return reasonsFor(store, queue, image.id, {
    selfConfidence: ofShown?.probability ?? null,
    // Scores of the label given say nothing of a gold item under another one, so then of none.
    isGiven: queue.goldRate === 0 && shown !== null && shown === image.labelId,
  });
}

/** The reasons that the item at a place is shown with, the first one first; not for a blind queue. */
export function reasonsShown(store: Store, { queue }: QueueBoard, { imageId, gold }: Place): Reason[] {
  const image = store.review.shown(imageId)!;
  const view = modelViewOf(store, queue.runId);
  const known = view.probabilities(imageId, view.vector(imageId)?.raw);
  return told(reasonsOf(store, queue, image, gold, known)).map(({ reason }) => reason);
}

/** The reviewer's own boxes, else those that hold; a gold item shown under a wrong class has boxes of that class. */
function boxesOf(
  store: Store,
  { queue }: QueueBoard,
  image: ShownRow,
  own: StandingRow | undefined,
  as: string | null,
): ReviewItem['boxes'] {
  const verdict = isShared(queue) ? store.decisions.verdict(image.id) : undefined;
  const decision = own?.boxed === 1 ? own.id : verdict?.boxed === 1 ? verdict.decisionId : null;
  if (decision !== null) return shownBoxes(toBoxes(store.decisions.boxes(decision)), decision, image);
  if (image.boxed === 0) return [];
  const given = toBoxes(store.images.boxes(image.fileId));
  return shownBoxes(as === null ? given : given.map((box) => ({ ...box, label: as })), null, image);
}

/** Boxes with what shows where their objects are. Other things that a dataset says of them may tell their class. */
function shownBoxes(
  boxes: readonly Box[],
  decision: number | null,
  image: Pick<ShownRow, 'width' | 'height'>,
): ReviewItem['boxes'] {
  return boxes.map((box, place) => {
    const { label, format, values } = box;
    const shape = shownShape(box, image);
    return {
      label,
      format,
      values,
      of: { decision, place },
      ...(shape && { shape }),
      ...(isCrowd(box) && { crowd: true }),
    };
  });
}

/** Everything on record; for independent reviewers only what this one said in this queue. */
function historyOf(
  store: Store,
  board: QueueBoard,
  reviewer: string,
  imageId: number,
  names: Map<number, string>,
): ReviewItem['history'] {
  if (isShared(board.queue)) return store.imageDetail.history(imageId);
  return board
    .entries(imageId)
    .filter((row) => row.reviewer === reviewer && row.purpose !== 'adjudication')
    .map((row) => ({
      ...answerOf(row, names),
      comment: row.comment,
      grid: row.grid,
      seq: row.seq,
      at: row.at,
      by: reviewer,
      purpose: 'review',
      undone: false,
    }));
}

/** Whether reviewers may see each other's answers: not if these must be independent, or are checked. */
export function isShared({ reviewers, blind, goldRate }: QueueRow): boolean {
  return reviewers === 1 && blind === 0 && goldRate === 0;
}

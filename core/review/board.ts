import type { StandingRow } from '../../db/queries/decisions.ts';
import type { QueueRow } from '../../db/queries/queue.ts';
import type { Store } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';
import { toBoxes } from '../base/boxes.ts';
import { newestByReviewer, outcomeOf } from '../ledger/holding.ts';
import { ReviewOrder } from './order.ts';

/** An entry that is an answer: anything but a skip. */
export type AnswerRow = StandingRow & { verdict: 'accept' | 'relabel' | 'reject' };

/** Where one item of a queue stands. */
export interface ItemState {
  /** The newest answer of each reviewer, oldest first. */
  answers: AnswerRow[];
  adjudicated: AnswerRow | null;
  /** What this queue's own reviewers and judges came to, whatever was said elsewhere; null while undecided. */
  outcome: AnswerRow | null;
  /** Who asks for a specialist with their newest entry. */
  flaggedBy: string[];
  /** Has enough answers, or waits for a specialist: no other reviewer is asked. */
  closed: boolean;
  /** Its reviewers disagree where the queue ends in one label, nobody asks a specialist, and nobody has adjudicated. */
  conflict: boolean;
  /** Somebody asks a specialist, and nobody has adjudicated. */
  question: boolean;
}

/** Sums over the items of a queue. */
interface Counts {
  /** Answers given, of `wantedAnswers`. */
  answers: number;
  done: number;
  closed: number;
  conflicts: number;
  questions: number;
}

const NOTHING: ItemState = {
  answers: [],
  adjudicated: null,
  outcome: null,
  flaggedBy: [],
  closed: false,
  conflict: false,
  question: false,
};

/**
 * One queue and every entry made in it, in memory: 8 bytes per item plus its standing entries. `refresh` reads the
 * entries that any process has added since, by their numbers, and the order if it was ranked again, so nobody has to
 * notify it.
 */
export class QueueBoard {
  readonly #store: Store;
  readonly queue: QueueRow;
  /** Images of the items, in the order of the queue. */
  items: Int32Array;
  /** By image id, 1 for items that a client was given: shared with the threads of this process. */
  readonly shown: Uint8Array<SharedArrayBuffer>;
  /** Index of an image among the items plus 1, by image id. */
  readonly #indexOf: Int32Array;
  readonly #entries = new Map<number, StandingRow[]>();
  readonly #states = new Map<number, ItemState>();
  readonly #orders = new Map<string, ReviewOrder>();
  readonly #openOwn = new Map<string, number>();
  readonly #firstUnseen = new Map<string, number>();
  /** Items that need another number of answers than the queue asks for. */
  #askedFor = new Map<number, number>();
  #lastId = 0;
  #rankedSeq: number;
  readonly counts: Counts = { answers: 0, done: 0, closed: 0, conflicts: 0, questions: 0 };

  constructor(store: Store, queue: QueueRow) {
    this.#store = store;
    this.queue = queue;
    this.#rankedSeq = queue.rankedSeq;
    this.items = Int32Array.from(store.queue.imageIds(queue.id));
    let largest = 0;
    for (const id of this.items) if (id > largest) largest = id;
    this.#indexOf = new Int32Array(largest + 1);
    this.items.forEach((id, i) => (this.#indexOf[id] = i + 1));
    this.#askedFor = this.#readAskedFor();
    this.shown = new Uint8Array(new SharedArrayBuffer(largest + 1));
    // Read before the entries: one that is written in between is read twice at worst, and `#take` keeps one copy.
    this.#lastId = store.decisions.lastId();
    const touched = new Set<number>();
    for (const row of store.decisions.standingIn(queue.id)) {
      this.#take(row);
      touched.add(row.imageId);
    }
    for (const imageId of touched) this.#restate(imageId);
  }

  /** Reads what is new since the last call; `rankedSeq` is the event that ranked the queue last. */
  refresh(rankedSeq: number): void {
    if (rankedSeq !== this.#rankedSeq) this.#reorder(rankedSeq);
    const newest = this.#store.decisions.lastId();
    const asked = this.#readAskedFor();
    if (newest === this.#lastId && asked.size === this.#askedFor.size) return;
    const touched = new Set<number>();
    for (const [imageId] of asked) {
      if (this.#askedFor.has(imageId)) continue;
      this.#count(imageId, -1);
      this.#states.delete(imageId);
      touched.add(imageId);
    }
    this.#askedFor = asked;
    for (const { undoes, ...row } of this.#store.decisions.since(this.#lastId, this.queue.id)) {
      if (undoes === null) this.#take(row);
      else this.#drop(row.imageId, undoes);
      touched.add(row.imageId);
    }
    this.#lastId = newest;
    for (const imageId of touched) this.#restate(imageId);
  }

  /** Index of an image among the items, -1 if it is not one of them. */
  indexOf(imageId: number): number {
    return (this.#indexOf[imageId] ?? 0) - 1;
  }

  /** Answers that an item needs. */
  wanted(imageId: number): number {
    return this.#askedFor.get(imageId) ?? this.queue.reviewers;
  }

  /** Answers that all its items need. */
  get wantedAnswers(): number {
    let sum = this.items.length * this.queue.reviewers;
    for (const answers of this.#askedFor.values()) sum += answers - this.queue.reviewers;
    return sum;
  }

  #readAskedFor(): Map<number, number> {
    return new Map(
      this.#store.queue.askedFor(this.queue.id).map(({ imageId, answers }) => [imageId, answers]),
    );
  }

  /** The position of an item in a reviewer's order; null if the image is not an item, gold images included. */
  placeOf(reviewer: string, imageId: number): number | null {
    const index = this.indexOf(imageId);
    return index < 0 ? null : this.order(reviewer).positionOfItem(index);
  }

  state(imageId: number): ItemState {
    return this.#states.get(imageId) ?? NOTHING;
  }

  /** States of the items that have entries, in no particular order. */
  states(): Iterable<[number, ItemState]> {
    return this.#states;
  }

  /** Standing entries about an image in this queue, oldest first. */
  entries(imageId: number): readonly StandingRow[] {
    return this.#entries.get(imageId) ?? [];
  }

  /** What each reviewer said, oldest first: gold answers included, adjudications left out. */
  byReviewer(): Map<string, StandingRow[]> {
    const found = new Map<string, StandingRow[]>();
    for (const rows of this.#entries.values())
      for (const row of rows) {
        if (row.purpose === 'adjudication') continue;
        const known = found.get(row.reviewer);
        if (known) known.push(row);
        else found.set(row.reviewer, [row]);
      }
    for (const rows of found.values()) rows.sort((a, b) => a.id - b.id);
    return found;
  }

  /** Whether reviewers may judge conflicts that their own answer is part of. */
  get ownConflicts(): boolean {
    return (JSON.parse(this.queue.policy) as RecordedQueuePolicy).ownConflicts ?? false;
  }

  /** Everything that a reviewer answered here, oldest first: what they took back too. */
  ever(reviewer: string): (StandingRow & { undone: 0 | 1 })[] {
    return this.#store.decisions.answersEver(this.queue.id, reviewer);
  }

  /** The newest entry of a reviewer about an image, adjudications left out. */
  own(reviewer: string, imageId: number): StandingRow | undefined {
    return this.entries(imageId).findLast(
      (row) => row.reviewer === reviewer && row.purpose !== 'adjudication',
    );
  }

  /** Whether a reviewer answered or asked for a specialist. A skipped item comes round again; a skip undoes no answer. */
  hasAnswered(reviewer: string, imageId: number): boolean {
    return (
      this.own(reviewer, imageId)?.flagged === 1 ||
      this.entries(imageId).some(
        (row) => row.reviewer === reviewer && row.purpose !== 'adjudication' && isAnswer(row),
      )
    );
  }

  order(reviewer: string): ReviewOrder {
    let order = this.#orders.get(reviewer);
    if (!order) {
      const { id, seed, goldRate, blind, lastLabelId } = this.queue;
      order = new ReviewOrder(
        {
          items: this.items,
          pool: goldRate > 0 ? this.#store.queue.gold(id) : [],
          goldRate,
          blind: blind === 1,
          // Labels are numbered from 1 without gaps. Later ones, imported or added, move no item.
          classes: Array.from({ length: lastLabelId }, (_, i) => i + 1),
          seed,
          queue: id,
        },
        reviewer,
      );
      this.#orders.set(reviewer, order);
    }
    return order;
  }

  /** Whether the item at a position needs no answer from the reviewer. A gold item follows the item after it. */
  settledElsewhere(reviewer: string, position: number): boolean {
    return this.state(this.items[this.order(reviewer).at(position).item]!).closed;
  }

  /** How many places a reviewer has still to answer, skipped ones included. */
  remaining(reviewer: string): number {
    let open = this.items.length - this.counts.closed - (this.#openOwn.get(reviewer) ?? 0);
    const order = this.order(reviewer);
    for (const { imageId } of order.gold)
      if (
        !this.hasAnswered(reviewer, imageId) &&
        !this.settledElsewhere(reviewer, order.goldOf(imageId)!.position)
      )
        open++;
    return open;
  }

  /** Where a reviewer continues: at the first place they have not seen, else the first they skipped, else the total. */
  next(reviewer: string): number {
    const order = this.order(reviewer);
    for (let position = this.#firstUnseen.get(reviewer) ?? 0; position < order.total; position++) {
      if (this.own(reviewer, order.at(position).imageId)) continue;
      if (this.settledElsewhere(reviewer, position)) continue;
      this.#firstUnseen.set(reviewer, position);
      return position;
    }
    this.#firstUnseen.set(reviewer, order.total);
    if (this.remaining(reviewer) === 0) return order.total;
    for (let position = 0; position < order.total; position++)
      if (
        !this.hasAnswered(reviewer, order.at(position).imageId) &&
        !this.settledElsewhere(reviewer, position)
      )
        return position;
    return order.total;
  }

  #reorder(rankedSeq: number): void {
    this.#rankedSeq = rankedSeq;
    this.items = Int32Array.from(this.#store.queue.imageIds(this.queue.id));
    this.items.forEach((id, i) => (this.#indexOf[id] = i + 1));
    this.#orders.clear();
    this.#firstUnseen.clear();
  }

  /** The event that ranked the queue last. */
  get rankedSeq(): number {
    return this.#rankedSeq;
  }

  #take(row: StandingRow): void {
    const known = this.#entries.get(row.imageId);
    if (!known) this.#entries.set(row.imageId, [row]);
    else if (!known.some(({ id }) => id === row.id)) known.push(row);
  }

  #drop(imageId: number, id: number): void {
    const known = this.#entries.get(imageId);
    const at = known?.findIndex((row) => row.id === id) ?? -1;
    if (at < 0) return;
    known!.splice(at, 1);
    // Places that were passed may be open again.
    this.#firstUnseen.clear();
  }

  #restate(imageId: number): void {
    if (this.indexOf(imageId) < 0) return;
    this.#count(imageId, -1);
    this.#states.set(imageId, this.#stateOf(imageId));
    this.#count(imageId, 1);
  }

  #stateOf(imageId: number): ItemState {
    const entries = this.entries(imageId);
    const reviewers = this.wanted(imageId);
    const reviews = entries.filter(({ purpose }) => purpose === 'review');
    const answers = newestByReviewer(reviews.filter(isAnswer));
    const adjudicated =
      entries.filter(isAnswer).findLast(({ purpose }) => purpose === 'adjudication') ?? null;
    const flaggedBy = newestByReviewer(reviews as AnswerRow[])
      .filter(({ flagged }) => flagged === 1)
      .map(({ reviewer }) => reviewer);
    const enough = answers.length >= reviewers;
    const held = outcomeOf(answers, { reviewers, endsIn: this.queue.endsIn }, ({ id }) =>
      toBoxes(this.#store.decisions.boxes(id)),
    );
    const isAsked = flaggedBy.length > 0;
    return {
      answers,
      adjudicated,
      outcome: adjudicated ?? held,
      flaggedBy,
      closed: adjudicated !== null || enough || isAsked,
      conflict: adjudicated === null && enough && held === null && !isAsked,
      question: adjudicated === null && isAsked,
    };
  }

  #count(imageId: number, sign: 1 | -1): void {
    const { answers, adjudicated, closed, conflict, question } = this.state(imageId);
    const { counts } = this;
    const reviewers = this.wanted(imageId);
    counts.answers += sign * (adjudicated ? reviewers : Math.min(answers.length, reviewers));
    counts.closed += closed ? sign : 0;
    counts.conflicts += conflict ? sign : 0;
    counts.questions += question ? sign : 0;
    counts.done += closed && !conflict && !question ? sign : 0;
    if (!closed)
      for (const { reviewer } of answers)
        this.#openOwn.set(reviewer, (this.#openOwn.get(reviewer) ?? 0) + sign);
  }
}

function isAnswer(row: StandingRow): row is AnswerRow {
  return row.verdict !== 'skip';
}

const boards = new WeakMap<Store, Map<number, QueueBoard>>();

/**
 * The current state of a queue, the newest for null. Built on first use and kept while the project is open. Throws
 * `NOT_READY` if there is no queue, `NOT_FOUND` for an unknown number.
 */
export function boardOf(store: Store, queueId: number | null): QueueBoard {
  const queue = queueId === null ? store.queue.last() : store.queue.byId(queueId);
  if (!queue)
    throw queueId === null
      ? new AssayError('NOT_READY', 'There is no queue yet. Make one: assay queue <project> --budget 8%')
      : new AssayError('NOT_FOUND', `There is no queue ${queueId} in this project.`);
  let known = boards.get(store);
  if (!known) boards.set(store, (known = new Map()));
  let board = known.get(queue.id);
  if (!board) known.set(queue.id, (board = new QueueBoard(store, queue)));
  board.refresh(queue.rankedSeq);
  return board;
}

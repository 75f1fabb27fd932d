import type { HomeRow } from '../../db/queries/images.ts';
import type { StandingRow } from '../../db/queries/decisions.ts';
import { LARGEST_GRID } from '../../rpc/contract/reviews.ts';
import type {
  BulkAnswer,
  DecisionContext,
  DecisionInput,
  DecisionResult,
} from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import { labelOfBoxes, parseBoxes, recordedBox, type Box } from '../base/boxes.ts';
import { withDetail } from './box-details.ts';
import { classCalled } from '../base/class-name.ts';
import type { RecordedDecision } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { requireOwnAnswer } from '../project/handout-of.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { boardOf, type QueueBoard } from './board.ts';
import { keptOutBy } from './copy-answers.ts';
import { pausedIn, refuseWhilePaused } from './gold.ts';
import { staysAlone, whyNoGrids } from './grid.ts';
import type { GoldItem } from './order.ts';
import type { RejectReasonEntry } from '../../rpc/contract/terms.ts';
import { rejectReason, rejectReasonsOf } from './reject-reason.ts';
import { undoOf } from './undo.ts';

/** Where decisions are made. In `view` the caller has looked up the images. */
export type Context = DecisionContext | { kind: 'view' };
/** What is said: image by image, or the same of every image. */
type Said = readonly DecisionInput[] | { images: Uint32Array; answer: BulkAnswer };

/** Images in one act: an event is one text in memory, and is written in one transaction. */
export const LARGEST_ACT = 100_000;

/**
 * Records decisions, all of them or none, as one act. The caller states the context; it is checked and goes on record,
 * and nothing is guessed from the image. In `review` every decision answers the item at its `place` in the reviewer's
 * own order of the queue, and what stands there tells a gold item from an ordinary one. In `conflict` it judges between
 * reviewers. From everywhere else it settles the image and answers nothing: no item, no audit, no gold.
 *
 * Throws `DECISION_REFUSED` with the reason, and with the line (1-based) of a list of several.
 */
export function decide(
  project: WritableProject,
  reviewer: string,
  context: Context,
  said: Said,
): DecisionResult {
  if (reviewer.trim() === '')
    throw new AssayError('USAGE', 'A decision needs the name of its reviewer: --by "Ada Lovelace".');
  const { store } = project;
  requireOwnAnswer(store, reviewer, context.kind);
  const count = 'images' in said ? said.images.length : said.length;
  if (count === 0) return { applied: 0, seq: store.events.last()?.seq ?? 0 };
  if (count > LARGEST_ACT)
    refuse(`${count} images are more than one act may decide (${LARGEST_ACT}): narrow the filter.`);
  const isGrid = context.kind === 'review' && context.grid === true;
  if (isGrid && count > LARGEST_GRID)
    refuse(`${count} items are more than a grid can hold (${LARGEST_GRID}).`);
  const act = new Act(project, reviewer, context, isGrid && count > 1 ? count : undefined);
  if ('images' in said) for (const id of said.images) act.add(store.images.byId(id)!, said.answer);
  else
    for (const [i, input] of said.entries()) {
      act.line = count === 1 ? null : i + 1;
      act.add(act.find(input.sha256), input);
    }
  const { decisions, keptOut } = act;
  if (decisions.length === 0) return { applied: 0, seq: store.events.last()!.seq, keptOut };
  const seq = record(store, reviewer, 'decisions.made', { context: context.kind, decisions });
  // How many near-duplicates an item stands for would tell it from a gold item.
  return { applied: act.hidesGroups ? count : decisions.length, seq, ...(keptOut > 0 ? { keptOut } : {}) };
}

/** Throws `DECISION_REFUSED` unless a view still holds as many images as the person saw. */
export function requireExpected(found: number, expected: number): void {
  if (found !== expected)
    refuse(`The list holds ${found} images now, not ${expected}: look at it again.`, { found, expected });
}

function refuse(why: string, details: Record<string, unknown> = {}): never {
  throw new AssayError('DECISION_REFUSED', `${why} Nothing was recorded.`, details);
}

/** How a decision is filed: under a queue and a purpose, or under none. */
type Filing = Pick<RecordedDecision, 'queue' | 'place' | 'purpose' | 'party'> & {
  gold?: GoldItem | undefined;
};

/** Decisions on their way into one event. */
class Act {
  readonly decisions: RecordedDecision[] = [];
  /** Images of a view that were passed over: a release leaves them out as copies, whatever their label. */
  keptOut = 0;
  /** Of the decision at hand, in a list of several. */
  line: number | null = null;
  readonly #project: Project;
  readonly #reviewer: string;
  readonly #context: Context;
  /** Of the queue that the context names. */
  readonly #board: QueueBoard | null;
  /** Queues whose images the reviewer may not settle from elsewhere either. */
  readonly #paused: QueueBoard[];
  readonly #labels: Map<number, string>;
  readonly #classes: Set<string>;
  /** Read for the first reject. */
  #reasons: readonly RejectReasonEntry[] | null = null;
  /** How many items were on the screen at once. */
  readonly #grid: number | undefined;
  readonly #firstId: number;
  /** The newest one, whose findings hold. */
  readonly #run: number;
  /**
   * What the list itself has said of an image, which later undos in it may refer to; entries get their numbers in list
   * order. What was said before the list comes first, once an undo has asked for it.
   */
  readonly #standing = new Map<number, Pick<StandingRow, 'id' | 'queueId' | 'purpose'>[]>();
  readonly #asked = new Set<number>();

  constructor(project: Project, reviewer: string, context: Context, grid: number | undefined) {
    const { store } = project;
    this.#project = project;
    this.#reviewer = reviewer;
    this.#context = context;
    this.#grid = grid;
    this.#labels = store.batches.labelNames();
    this.#classes = new Set(this.#labels.values());
    this.#firstId = store.decisions.lastId() + 1;
    this.#run = store.scores.runs().at(-1)?.id ?? 0;
    this.#board = null;
    this.#paused = [];
    if (!('queue' in context)) {
      this.#paused = pausedIn(store, reviewer);
      return;
    }
    if (!store.queue.byId(context.queue)) this.#refuse(`there is no queue ${context.queue} in this project.`);
    this.#board = boardOf(store, context.queue);
    refuseWhilePaused(store, this.#board, reviewer);
  }

  /** The image of a hash, or of the start of one. */
  find(sha256: string): HomeRow {
    const [image, another] = this.#project.store.images.startingWith(sha256);
    if (!image) return this.#refuse(`there is no image ${sha256} in this project.`);
    return another
      ? this.#refuse(`${sha256} is the start of more than one image's hash: give more digits.`)
      : image;
  }

  add(image: HomeRow, input: Omit<DecisionInput, 'sha256'>): void {
    if (input.verdict === 'undo') return this.#undo(image, input.reason);
    const { gold, ...filing } = this.#file(image, input);
    if (!this.#counts(image, input.verdict)) return;
    const reason =
      input.verdict === 'reject' && input.reason
        ? rejectReason(input.reason, (this.#reasons ??= rejectReasonsOf(this.#project.store)), (why) =>
            this.#refuse(why),
          )
        : input.reason;
    const said = { ...this.#answer(image, input, gold), ...filing, reason };
    this.#push(image.id, {
      ...said,
      sha256: image.sha256,
      durationMs: input.durationMs,
      grid: this.#grid,
      flagged: input.flag || undefined,
      comment: input.comment,
      shown: gold && this.#name(gold.shown),
      known: gold && this.#name(gold.known),
    });
    if (!input.spread || input.verdict === 'skip' || gold) return;
    // Boxes are of one image's pixels: of a correction only the class is said of the others, which were shown nowhere.
    const { boxes, place: _, ...ofOthers } = said;
    if (boxes && ofOthers.label === undefined) return;
    for (const member of this.#project.store.queue.membersOf(filing.queue!, image.id)) {
      const id = this.#project.store.images.idOf(member)!;
      if (keptOutBy(this.#project.store, this.#run, id)) continue;
      this.#push(id, {
        ...ofOthers,
        sha256: member,
        spread: true,
        comment: input.comment,
      });
    }
  }

  /**
   * Whether a decision on an image can count. A label given to an image that releases leave out as a copy would be
   * recorded and then ignored: of a view such images are passed over, elsewhere it is asked first whether it is a copy.
   * So it is of a gold item: nothing tells it apart, and it checks nobody any more (gold.ts).
   */
  #counts(image: HomeRow, verdict: DecisionInput['verdict']): boolean {
    if (verdict !== 'accept' && verdict !== 'relabel') return true;
    const keepsOut = keptOutBy(this.#project.store, this.#run, image.id);
    if (!keepsOut) return true;
    if (this.#context.kind !== 'view')
      this.#refuse(
        `the image ${image.sha256} is left out of releases: ${keepsOut.words}. Say first that it is not a copy (Copies, or assay copies), or reject it.`,
      );
    this.keptOut++;
    return false;
  }

  /** Takes back the newest entry about an image; in a queue the newest of what was said there. */
  #undo(image: HomeRow, reason: string | undefined): void {
    const { kind } = this.#context;
    if (!this.#asked.has(image.id)) {
      const before = this.#project.store.decisions.undoable(image.id, this.#reviewer);
      this.#standing.set(image.id, [...before, ...(this.#standing.get(image.id) ?? [])]);
      this.#asked.add(image.id);
    }
    const standing = this.#standing.get(image.id)!;
    const at = standing.findLastIndex(
      ({ queueId, purpose }) =>
        !this.#board ||
        (queueId === this.#board.queue.id && (purpose === 'adjudication') === (kind === 'conflict')),
    );
    const [taken] = at < 0 ? [] : standing.splice(at, 1);
    if (!taken) return this.#refuse(`there is no decision on ${image.sha256} to undo.`);
    const paused = this.#paused.find(({ queue }) => queue.id === taken.queueId);
    if (paused) refuseWhilePaused(this.#project.store, paused, this.#reviewer);
    this.decisions.push(undoOf(taken, image.sha256, reason));
  }

  #push(imageId: number, decision: RecordedDecision): void {
    const entry = {
      id: this.#firstId + this.decisions.length,
      queueId: decision.queue ?? null,
      purpose: decision.purpose ?? 'review',
    };
    const standing = this.#standing.get(imageId);
    if (standing) standing.push(entry);
    else this.#standing.set(imageId, [entry]);
    this.decisions.push(decision);
  }

  /** Checks that the context holds for an image, and says how the decision is filed there. */
  #file(image: HomeRow, input: Omit<DecisionInput, 'sha256'>): Filing {
    const { place } = input;
    if (input.flag && input.verdict !== 'skip') this.#refuse('only a skip can ask for a specialist.');
    if (!this.#board) return this.#fileOutside(image, input);
    const { queue } = this.#board;
    if (this.#context.kind === 'conflict') {
      if (!this.#holds(image)) this.#refuseNoItem(image);
      const { conflict, question, adjudicated } = this.#board.state(image.id);
      if (!conflict && !question && !adjudicated)
        this.#refuse(
          `the image ${image.sha256} is not in conflict in queue ${queue.id}, nor is a specialist asked about it: there is nothing to judge.`,
        );
      if (input.verdict === 'skip') this.#refuse('a judgement is to accept, relabel or reject.');
      const party = this.#isParty(image);
      if (party && !this.#board.ownConflicts)
        this.#refuse(
          `${this.#reviewer}'s own answer is part of this conflict, so somebody else judges it. A queue made with --own-conflicts allows it.`,
        );
      return { queue: queue.id, purpose: 'adjudication', ...(party ? { party } : {}) };
    }
    if (place === undefined)
      return !this.#holds(image)
        ? this.#refuseNoItem(image)
        : this.#refuse(`an answer in queue ${queue.id} names the place where the item was shown.`);
    const order = this.#board.order(this.#reviewer);
    if (place >= order.total) this.#refuse(`there is no place ${place} in queue ${queue.id}.`);
    const { imageId, gold } = order.at(place);
    if (imageId !== image.id)
      this.#refuse(
        `another item stands at place ${place} of queue ${queue.id} than ${image.sha256}: the queue has been ranked again, or it never stood there.`,
      );
    if (this.#grid !== undefined) {
      const why = whyNoGrids(this.#project.store, this.#board);
      if (why) this.#refuse(why);
      if (staysAlone(this.#project.store, this.#board, image.id))
        this.#refuse(`the image ${image.sha256} is looked at by itself, never in a grid.`);
    }
    return { queue: queue.id, place, ...(gold ? { purpose: 'gold', gold } : {}) };
  }

  #fileOutside(image: HomeRow, input: Omit<DecisionInput, 'sha256'>): Filing {
    if (input.verdict === 'skip' || input.spread || input.place !== undefined)
      this.#refuse('only an item in a queue can be skipped, has a place, or stands for near-duplicates.');
    const { store } = this.#project;
    for (const board of this.#paused)
      if (store.queue.holds(board.queue.id, image.id))
        refuseWhilePaused(store, board, this.#reviewer, image.sha256);
    return {};
  }

  #answer(
    image: HomeRow,
    input: Omit<DecisionInput, 'sha256'>,
    gold: GoldItem | undefined,
  ): Pick<RecordedDecision, 'verdict' | 'label' | 'boxes'> {
    const given = this.#name(gold ? (gold.shown ?? gold.known) : image.labelId);
    if (input.boxes && input.verdict !== 'relabel') this.#refuse('only a relabel can correct boxes.');
    if (input.verdict === 'relabel') {
      const boxes = input.boxes && this.#boxes(image, input.boxes);
      const named = input.label === undefined ? undefined : this.#classOf(input.label);
      const label = named ?? (boxes && labelOfBoxes(boxes)) ?? undefined;
      if (label === undefined && !boxes) return this.#refuse('a relabel needs a label.');
      // To name the given label is to confirm it, above all where it was hidden.
      if (!boxes && label === given) return { verdict: 'accept', label };
      return {
        verdict: 'relabel',
        label,
        boxes: boxes?.map(recordedBox),
      };
    }
    if (input.verdict === 'reject' && !input.reason) this.#refuse('a reject needs a reason.');
    if (input.verdict !== 'accept') return { verdict: input.verdict };
    if (this.#isHidden(image))
      this.#refuse(
        `queue ${this.#board!.queue.id} hides the given label, so an answer names a class (relabel) or rejects.`,
      );
    return { verdict: 'accept', label: given };
  }

  /** Whether the given label is hidden where this is said: from a judge, until the first judgement. */
  #isHidden(image: HomeRow): boolean {
    if (this.#board?.queue.blind !== 1 || this.#classes.size === 0) return false;
    return this.#context.kind === 'review' || !this.#board.state(image.id).adjudicated;
  }

  #boxes(image: HomeRow, given: NonNullable<DecisionInput['boxes']>): Box[] {
    const boxes = parseBoxes(given);
    if (!boxes) return this.#refuse('a box is in a format that Assay does not know.');
    return boxes.map((box, i) => {
      const label = this.#classOf(box.label);
      if (!(box.values[2] > 0 && box.values[3] > 0))
        this.#refuse('a box needs a width and a height above 0.');
      const known = withDetail(this.#project.store, image.id, { ...box, label }, given[i]!.of);
      return known ?? this.#refuse('a box is said to be one that the image does not have.');
    });
  }

  #classOf(label: string): string {
    const found = classCalled(label, this.#classes);
    if (found !== undefined) return found;
    return this.#refuse(`"${label}" is not a class of this project (${[...this.#classes].join(', ')}).`);
  }

  #name(labelId: number | null): string | undefined {
    return labelId === null ? undefined : this.#labels.get(labelId);
  }

  /** Whether the judge's own answer is one of those that differ. */
  #isParty(image: HomeRow): boolean {
    const { answers } = this.#board!.state(image.id);
    const name = this.#reviewer.toLowerCase();
    return answers.length > 1 && answers.some(({ reviewer }) => reviewer.toLowerCase() === name);
  }

  /** Whether an image stands in the reviewer's order of the queue, as an item or as gold. */
  #holds(image: HomeRow): boolean {
    const board = this.#board!;
    return board.indexOf(image.id) >= 0 || board.order(this.#reviewer).goldOf(image.id) !== undefined;
  }

  /** Whether the answers are in a review that does not tell how many near-duplicates an item stands for. */
  get hidesGroups(): boolean {
    return this.#context.kind === 'review' && this.#board!.queue.goldRate > 0;
  }

  #refuseNoItem(image: HomeRow): never {
    return this.#refuse(`the image ${image.sha256} is not an item of queue ${this.#board!.queue.id}.`);
  }

  #refuse(why: string): never {
    if (this.line !== null) refuse(`Line ${this.line}: ${why}`, { line: this.line });
    refuse(why.replace(/^[a-z]+ /, (word) => word[0]!.toUpperCase() + word.slice(1)));
  }
}

import type { HomeRow } from '../../db/queries/images.ts';
import type { StandingRow } from '../../db/queries/decisions.ts';
import type { DecisionInput, DecisionResult } from '../../rpc/contract/reviews.ts';
import type { Purpose } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { labelOfBoxes, parseBoxes, type Box } from '../base/boxes.ts';
import type { RecordedDecision } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { boardOf } from './boards.ts';
import { refuseWhilePaused } from './gold.ts';
import type { GoldItem } from './order.ts';
import { rejectReason } from './reject-reason.ts';

/** What a decision refers to, as far as it does. */
interface Target {
  queue: number | undefined;
  purpose: Purpose;
  gold: GoldItem | undefined;
}

/**
 * Records decisions, all of them or none, as one act. Throws `DECISION_REFUSED` naming the line (1-based) and the
 * reason when one names an unknown image, label or queue, a relabel without a label, a reject without a reason, an
 * undo of nothing, or a queue that is paused for the reviewer. Whether an item is gold is found here, not told.
 */
export function decide(project: WritableProject, reviewer: string, inputs: DecisionInput[]): DecisionResult {
  const { store } = project;
  if (reviewer.trim() === '')
    throw new AssayError('USAGE', 'A decision needs the name of its reviewer: --by "Ada Lovelace".');
  if (inputs.length === 0) return { applied: 0, seq: store.events.last()?.seq ?? 0 };
  const list = new DecisionList(project, reviewer);
  for (const [i, input] of inputs.entries())
    list.add(input, (why) => {
      throw new AssayError('DECISION_REFUSED', `Line ${i + 1}: ${why} Nothing was recorded.`, {
        line: i + 1,
      });
    });
  const { decisions } = list;
  const seq = record(store, reviewer, 'decisions.made', { decisions });
  return { applied: decisions.length, seq };
}

type Refuse = (why: string) => never;

/** Decisions on their way into one event. */
class DecisionList {
  readonly decisions: RecordedDecision[] = [];
  readonly #project: WritableProject;
  readonly #reviewer: string;
  readonly #labels: Map<number, string>;
  readonly #classes: Set<string>;
  readonly #firstId: number;
  /** Undos in one list refer to what the list itself did before them; entries get their numbers in list order. */
  readonly #standing = new Map<number, Pick<StandingRow, 'id' | 'queueId' | 'purpose' | 'reviewer'>[]>();
  readonly #notPaused = new Set<number>();

  constructor(project: WritableProject, reviewer: string) {
    this.#project = project;
    this.#reviewer = reviewer;
    this.#labels = project.store.batches.labelNames();
    this.#classes = new Set(this.#labels.values());
    this.#firstId = project.store.decisions.lastId() + 1;
  }

  add(input: DecisionInput, refuse: Refuse): void {
    const image = this.#image(input.sha256, refuse);
    const { sha256 } = image;
    if (input.verdict === 'undo') {
      const taken = this.#standingOn(image.id).pop() ?? refuse(`there is no decision on ${sha256} to undo.`);
      if (taken.queueId !== null && taken.reviewer === this.#reviewer) this.#refuseWhilePaused(taken.queueId);
      this.decisions.push(undoOf(taken, sha256, input.reason));
      return;
    }
    const target = this.#target(image, input, refuse);
    const said = { ...this.#answer(image, input, target, refuse), sha256, queue: target.queue };
    const common = {
      purpose: target.purpose === 'review' ? undefined : target.purpose,
      reason: input.verdict === 'reject' && input.reason ? rejectReason(input.reason, refuse) : input.reason,
    };
    this.#push(image.id, {
      ...said,
      ...common,
      durationMs: input.durationMs,
      flagged: input.flag || undefined,
      shown: target.gold && this.#name(target.gold.shown),
      known: target.gold && this.#name(target.gold.known),
    });
    if (!input.spread || input.verdict === 'skip' || target.gold || target.queue === undefined) return;
    // Boxes are of one image's pixels: of a correction only the class is said of the others.
    const { boxes, ...ofOthers } = said;
    if (boxes && ofOthers.label === undefined) return;
    for (const member of this.#project.store.queue.membersOf(target.queue, image.id))
      this.#push(this.#project.store.images.idOf(member)!, {
        ...ofOthers,
        ...common,
        sha256: member,
        spread: true,
      });
  }

  #push(imageId: number, decision: RecordedDecision): void {
    this.#standingOn(imageId).push({
      id: this.#firstId + this.decisions.length,
      queueId: decision.queue ?? null,
      purpose: decision.purpose ?? 'review',
      reviewer: this.#reviewer,
    });
    this.decisions.push(decision);
  }

  #image(sha256: string, refuse: Refuse): HomeRow {
    const [image, another] = this.#project.store.images.startingWith(sha256);
    if (!image) return refuse(`there is no image ${sha256} in this project.`);
    return another
      ? refuse(`${sha256} is the start of more than one image's hash: give more digits.`)
      : image;
  }

  #standingOn(imageId: number) {
    const known = this.#standing.get(imageId);
    if (known) return known;
    const rows = this.#project.store.decisions.undoable(imageId, this.#reviewer);
    this.#standing.set(imageId, rows);
    return rows;
  }

  #target(image: HomeRow, input: DecisionInput, refuse: Refuse): Target {
    const { store } = this.#project;
    if (input.purpose === 'gold') refuse('whether an item is a check is not for the reviewer to say.');
    const named = input.queue ?? store.queue.last()?.id;
    if (input.queue !== undefined && !store.queue.byId(input.queue))
      refuse(`there is no queue ${input.queue} in this project.`);
    const gold = named === undefined ? undefined : this.#goldOf(named, image.id);
    const queue =
      named !== undefined && (gold || store.queue.holds(named, image.id))
        ? named
        : input.queue === undefined
          ? (store.queue.newestWith(image.id) ?? undefined)
          : refuse(`${image.sha256} is not in queue ${input.queue}.`);
    if (input.purpose === 'adjudication' && (queue === undefined || gold))
      refuse(`${image.sha256} is in no queue, so there is nothing to adjudicate.`);
    if (queue !== undefined) this.#refuseWhilePaused(queue);
    return { queue, gold, purpose: gold ? 'gold' : (input.purpose ?? 'review') };
  }

  #goldOf(queue: number, imageId: number): GoldItem | undefined {
    if (!this.#project.store.queue.byId(queue)!.goldRate) return undefined;
    return boardOf(this.#project.store, queue).order(this.#reviewer).goldOf(imageId);
  }

  #refuseWhilePaused(queue: number): void {
    if (this.#notPaused.has(queue)) return;
    if (this.#project.store.queue.byId(queue)!.goldRate > 0)
      refuseWhilePaused(this.#project.store, boardOf(this.#project.store, queue), this.#reviewer);
    this.#notPaused.add(queue);
  }

  #answer(
    image: HomeRow,
    input: DecisionInput,
    { gold, queue, purpose }: Target,
    refuse: Refuse,
  ): Pick<RecordedDecision, 'verdict' | 'label' | 'boxes'> {
    const given = this.#name(gold ? (gold.shown ?? gold.known) : image.labelId);
    if (input.flag && input.verdict !== 'skip') refuse('only a skip can ask for a specialist.');
    if (input.boxes && input.verdict !== 'relabel') refuse('only a relabel can correct boxes.');
    if (input.verdict === 'relabel') {
      const boxes = input.boxes && this.#boxes(input.boxes, refuse);
      const label = input.label ?? (boxes && labelOfBoxes(boxes)) ?? undefined;
      if (label === undefined && !boxes) return refuse('a relabel needs a label.');
      if (label !== undefined) this.#checkClass(label, refuse);
      // Whoever names the given label confirms it, above all where it was hidden.
      if (!boxes && label === given) return { verdict: 'accept', label };
      return {
        verdict: 'relabel',
        label,
        boxes: boxes?.map((box) => ({ ...box, values: box.values.map(String) })),
      };
    }
    if (input.verdict === 'reject' && !input.reason) refuse('a reject needs a reason.');
    if (input.verdict !== 'accept') return { verdict: input.verdict };
    if (
      purpose !== 'adjudication' &&
      queue !== undefined &&
      this.#project.store.queue.byId(queue)!.blind === 1 &&
      this.#classes.size > 0
    )
      refuse(`queue ${queue} hides the given label, so an answer names a class (relabel) or rejects.`);
    return { verdict: 'accept', label: given };
  }

  #boxes(given: NonNullable<DecisionInput['boxes']>, refuse: Refuse): Box[] {
    const boxes = parseBoxes(given);
    if (!boxes) return refuse('a box is in a format that Assay does not know.');
    for (const { label, values } of boxes) {
      this.#checkClass(label, refuse);
      if (!(values[2] > 0 && values[3] > 0)) refuse('a box needs a width and a height above 0.');
    }
    return boxes;
  }

  #checkClass(label: string, refuse: Refuse): void {
    if (!this.#classes.has(label))
      refuse(`"${label}" is not a class of this project (${[...this.#classes].join(', ')}).`);
  }

  #name(labelId: number | null): string | undefined {
    return labelId === null ? undefined : this.#labels.get(labelId);
  }
}

/** The compensating entry of an entry: filed where that one was. */
export function undoOf(
  taken: Pick<StandingRow, 'id' | 'queueId' | 'purpose'>,
  sha256: string,
  reason?: string,
): RecordedDecision {
  return {
    sha256,
    verdict: 'undo',
    undoes: taken.id,
    reason,
    queue: taken.queueId ?? undefined,
    purpose: taken.purpose === 'review' ? undefined : taken.purpose,
  };
}

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HandoutRow } from '../../db/queries/handouts.ts';
import type { HomeRow } from '../../db/queries/images.ts';
import {
  ANSWERS_EXTENSION,
  type CollectedFile,
  type CollectSummary,
  type LeftAnswer,
} from '../../rpc/contract/handouts.ts';
import type { LeftWhy } from '../../rpc/contract/terms.ts';
import { AssayError, plainError } from '../../rpc/errors.ts';
import { recordedBox, type Box } from '../base/boxes.ts';
import { EVENTS, type CollectedDecision, type EventBodies, type RecordedDecision } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { WritableProject } from '../project/project.ts';
import { boardOf, type QueueBoard } from '../review/board.ts';
import { withDetail } from '../review/box-details.ts';
import { keptOutBy } from '../review/copy-answers.ts';
import { refuseWhilePaused } from '../review/gold.ts';
import { undoOf } from '../review/undo.ts';
import { readAnswers, type Answers } from './answers-file.ts';

type RecordedLeft = EventBodies['answers.collected']['left'][number];

/** An entry of a hand-out's record, with its number there, who made it, and where. */
interface Entry {
  number: number;
  seq: number;
  at: string;
  actor: string;
  context: string | undefined;
  said: RecordedDecision;
}

/**
 * Takes answers back into the project, each file by itself and whole: one event for each that brought something new. A
 * file that is refused changes nothing, and says why. What was decided, changed or withdrawn meanwhile is left as it is
 * and listed, on record too.
 */
export function collectAnswers(
  project: WritableProject,
  { by, files }: { by: string; files: readonly string[] },
): CollectSummary {
  return {
    files: files.flatMap(answersIn).map((file): CollectedFile => {
      const nothing = { file, handout: null, reviewer: null, taken: 0, before: 0, left: [], refused: null };
      try {
        const answers = readAnswers(file);
        const { handout, reviewer } = answers;
        try {
          return { ...nothing, handout, reviewer, ...collectOne(project, by, answers) };
        } catch (error) {
          return { ...nothing, handout, reviewer, refused: why(error) };
        }
      } catch (error) {
        return { ...nothing, refused: why(error) };
      }
    }),
  };
}

/** The answers files of a folder that is no hand-out itself; any other path as it is. */
function answersIn(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory() || existsSync(join(path, 'project.db')))
    return [path];
  const found = readdirSync(path).filter((name) => name.endsWith(ANSWERS_EXTENSION));
  return found.length === 0 ? [path] : found.toSorted().map((name) => join(path, name));
}

/** An error of the table as its sentence; all others are thrown on. */
function why(error: unknown): string {
  if (error instanceof AssayError) return plainError(error).message;
  throw error;
}

function refuse(reason: string, remedy: string): never {
  throw new AssayError('INVALID_INPUT', `${reason}. ${remedy}`);
}

function collectOne(
  project: WritableProject,
  by: string,
  answers: Answers,
): Pick<CollectedFile, 'taken' | 'before' | 'left'> {
  const { store } = project;
  const handout = store.handouts.byId(answers.handout);
  if (answers.project !== store.batches.project()!.uid)
    refuse('It is of another project', 'Collect it there.');
  if (!handout)
    return refuse(
      'This project made no such hand-out',
      'It was made after the copy of the project that is open here: open the newer one.',
    );
  requireOwnRecord(project, handout, answers);
  const before = store.handouts.answers(handout.handout).length;
  if (answers.events === handout.takenEvents) return { taken: 0, before, left: [] };
  const board = boardOf(store, handout.queue);
  refuseWhilePaused(store, board, handout.reviewer);
  const collector = new Collector(project, board, handout);
  for (const entry of entriesOf(answers)) if (entry.seq > handout.takenEvents) collector.add(entry);
  const { decisions } = collector;
  const left = [...collector.left.values()];
  // Sign-ins alone are no news: the next file will bring them again.
  if (decisions.length > 0 || left.length > 0)
    record(store, by, 'answers.collected', {
      handout: handout.handout,
      reviewer: handout.reviewer,
      events: answers.events,
      head: answers.head,
      publicKey: answers.publicKey,
      signature: answers.signature,
      decisions,
      left,
    });
  return { taken: decisions.length, before, left: left.map(toLeftAnswer) };
}

/** Throws unless answers are of this hand-out, of its reviewer, and go on from where those taken before ended. */
function requireOwnRecord({ store }: WritableProject, handout: HandoutRow, answers: Answers): void {
  const { entries, events } = answers;
  const hashAt = (seq: number): string | undefined =>
    seq === handout.events ? handout.head : entries[seq - handout.events - 1]?.hash;
  const [first] = entries;
  if (
    answers.reviewer !== handout.reviewer ||
    (first
      ? first.seq !== handout.events + 1 || first.previousHash !== handout.head
      : answers.head !== handout.head) ||
    entries.length !== events - handout.events
  )
    refuse(
      'It does not begin with what was handed out: it was written anew',
      'Ask for the answers of the hand-out as it was sent.',
    );
  if (events < handout.takenEvents)
    refuse(
      `It is an older copy: it ends ${handout.takenEvents - events} events before the one that was collected already`,
      'Nothing of it is new, and nothing was lost.',
    );
  if (hashAt(handout.takenEvents) !== handout.takenHead)
    refuse(
      'It went on from an older copy of the hand-out: the answers that were collected already are not in it',
      'Somebody answered two copies of it. Ask for the copy that was collected before, and hand the rest out anew.',
    );
  if (!store.people.access()) return;
  const person = store.people.byId(handout.reviewer);
  if (person?.publicKey !== answers.publicKey)
    refuse(
      `It is not signed with the key of ${handout.reviewer} that is on record`,
      'The reviewer signs it with their password; after a reset or a closed account, hand the items out anew.',
    );
}

/** Every decision of a record, numbered as there. */
function* entriesOf({ entries }: Answers): Generator<Entry> {
  let number = 0;
  for (const { kind, body, seq, at, actor } of entries) {
    if (kind !== 'decisions.made') continue;
    const parsed = EVENTS['decisions.made'].safeParse(jsonOf(body));
    if (!parsed.success)
      refuse(
        `Its event ${seq} is not as Assay writes it`,
        'Ask for the answers of the hand-out as it was sent.',
      );
    const { context, decisions } = parsed.data;
    for (const said of decisions) yield { number: ++number, seq, at, actor, context, said };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Decisions on their way from one hand-out into one event. */
class Collector {
  readonly decisions: CollectedDecision[] = [];
  /** By image, the newest that was said and not taken. */
  readonly left = new Map<string, RecordedLeft>();
  readonly #project: WritableProject;
  readonly #board: QueueBoard;
  readonly #handout: HandoutRow;
  readonly #labels: Map<number, string>;
  readonly #classes: ReadonlySet<string>;
  /** By image, the label that its item was shown with. */
  readonly #shown: Map<number, number | null>;
  /** By its number in the hand-out, what was taken and stands, and how it is filed here. */
  readonly #taken = new Map<number, Parameters<typeof undoOf>[0] & { imageId: number }>();
  /** Decisions that were taken from it before. */
  readonly #ownIds = new Set<number>();
  readonly #firstId: number;
  readonly #run: number;

  constructor(project: WritableProject, board: QueueBoard, handout: HandoutRow) {
    const { store } = project;
    this.#project = project;
    this.#board = board;
    this.#handout = handout;
    this.#labels = store.batches.labelNames();
    this.#classes = new Set(this.#labels.values());
    this.#shown = new Map(
      store.handouts.items(handout.handout).map(({ imageId, labelId }) => [imageId, labelId]),
    );
    for (const { number, decisionId, imageId, undone } of store.handouts.answers(handout.handout)) {
      this.#ownIds.add(decisionId);
      if (undone === 0)
        this.#taken.set(number, {
          id: decisionId,
          imageId,
          queueId: handout.queue,
          purpose: this.#purposeOf(imageId),
        });
    }
    this.#firstId = store.decisions.lastId() + 1;
    this.#run = store.scores.runs().at(-1)?.id ?? 0;
  }

  add(entry: Entry): void {
    const { said, number, at } = entry;
    const { store } = this.#project;
    const imageId = store.images.idOf(said.sha256);
    const image = imageId === undefined ? undefined : store.images.byId(imageId);
    // What was never taken need not be taken back.
    if (said.verdict === 'undo') {
      const taken = said.undoes === undefined ? undefined : this.#taken.get(said.undoes);
      const isLeft = this.left.get(said.sha256)?.number === said.undoes;
      if (isLeft) this.left.delete(said.sha256);
      if (!taken || taken.imageId !== imageId || entry.actor !== this.#handout.reviewer) return;
      this.#taken.delete(said.undoes!);
      this.decisions.push({ ...undoOf(taken, said.sha256, said.reason), number, at });
      return;
    }
    const found = image ? this.#checked(image, entry) : 'no-item';
    if (typeof found === 'string') {
      // A skip is no answer: nothing is lost.
      if (said.verdict !== 'skip' || said.flagged) this.#leave(entry, found, image);
      return;
    }
    this.left.delete(said.sha256);
    this.#taken.set(number, {
      id: this.#firstId + this.decisions.length,
      imageId: image!.id,
      queueId: this.#handout.queue,
      purpose: found.purpose ?? 'review',
    });
    this.decisions.push({ ...found, number, at });
  }

  #purposeOf(imageId: number): 'gold' | 'review' {
    return this.#board.order(this.#handout.reviewer).goldOf(imageId) ? 'gold' : 'review';
  }

  /** A decision as it is recorded here, or why it is left. */
  #checked(image: HomeRow, { said, at, actor, context }: Entry): RecordedDecision | LeftWhy {
    const { reviewer, queue, expires, recalledAt } = this.#handout;
    if (actor !== reviewer) return 'other-person';
    const shown = this.#shown.get(image.id);
    if (shown === undefined || context !== 'review' || (said.purpose ?? 'review') !== 'review')
      return 'no-item';
    if (expires !== null && at >= expires) return 'expired';
    if (recalledAt !== null && at > recalledAt) return 'recalled';
    const gold = this.#board.order(reviewer).goldOf(image.id);
    const answer = this.#answer(image, said, shown, gold ? (gold.shown ?? gold.known) : image.labelId);
    if (typeof answer === 'string') return answer;
    const { sha256, reason, comment, durationMs, flagged } = said;
    const filed = { sha256, queue, ...answer, reason, comment, durationMs, flagged };
    if (gold)
      return {
        ...filed,
        purpose: 'gold',
        shown: gold.shown === null ? undefined : this.#labels.get(gold.shown),
        known: this.#labels.get(gold.known),
      };
    if (this.#board.queue.blind === 0 && image.labelId !== shown) return 'changed';
    if (said.verdict !== 'reject' && keptOutBy(this.#project.store, this.#run, image.id)) return 'withdrawn';
    return this.#isDecided(image.id) ? 'decided' : filed;
  }

  /** What it says of the image, in the words of this project. `given`: the label that it has here, or is shown with. */
  #answer(
    image: HomeRow,
    { verdict, label, boxes, reason, flagged }: RecordedDecision,
    shown: number | null,
    given: number | null,
  ): Pick<RecordedDecision, 'verdict' | 'label' | 'boxes'> | LeftWhy {
    const named = [...(label === undefined ? [] : [label]), ...(boxes ?? []).map((box) => box.label)];
    if (named.some((name) => !this.#classes.has(name))) return 'unknown-class';
    const isShown = label === (shown === null ? undefined : this.#labels.get(shown));
    switch (verdict) {
      case 'accept':
        return isShown && !(this.#board.queue.blind === 1 && this.#classes.size > 0)
          ? { verdict, label }
          : 'no-item';
      case 'relabel':
        if (label === undefined && !boxes) return 'no-item';
        // To name the given label is to confirm it, above all where it was hidden.
        return !boxes && given !== null && label === this.#labels.get(given)
          ? { verdict: 'accept', label }
          : { verdict, label, boxes: boxes && this.#boxes(image, boxes) };
      case 'reject':
        return reason ? { verdict } : 'no-item';
      default:
        return flagged || verdict === 'skip' ? { verdict: 'skip' } : 'no-item';
    }
  }

  /** The boxes of an answer, with what is known here of objects that nobody moved. */
  #boxes(image: HomeRow, boxes: NonNullable<RecordedDecision['boxes']>): RecordedDecision['boxes'] {
    return boxes.map(({ label, format, values }) =>
      recordedBox(
        withDetail(this.#project.store, image.id, { label, format: format as Box['format'], values })!,
      ),
    );
  }

  /**
   * Whether an item was decided meanwhile: judged, answered by as many others as it needs, answered by its reviewer
   * elsewhere, or settled outside of its queue since it was handed out. A question of somebody else does not count: both
   * were asked at the same time, so neither comes first.
   */
  #isDecided(imageId: number): boolean {
    const { store } = this.#project;
    const { reviewer, queue, seq } = this.#handout;
    const { answers, adjudicated } = this.#board.state(imageId);
    if (adjudicated) return true;
    const verdict = store.decisions.verdict(imageId);
    if (verdict) {
      const elsewhere = store.decisions.byId(verdict.decisionId);
      if (elsewhere.queueId !== queue && elsewhere.seq > seq) return true;
    }
    const own = this.#board.own(reviewer, imageId);
    if (own && own.verdict !== 'skip' && !this.#ownIds.has(own.id)) return true;
    const others = answers.filter((answer) => answer.reviewer !== reviewer).length;
    return !(own && this.#ownIds.has(own.id)) && others >= this.#board.wanted(imageId);
  }

  #leave({ said, number, at, actor }: Entry, reason: LeftWhy, image: HomeRow | undefined): void {
    const held = image && this.#held(image.id);
    this.left.set(said.sha256, {
      number,
      at,
      sha256: said.sha256,
      reviewer: actor,
      verdict: said.verdict,
      label: said.label,
      reason: said.reason,
      why: reason,
      held: held ?? undefined,
    });
  }

  /** What holds for an image; else the newest answer in the queue. */
  #held(imageId: number): RecordedLeft['held'] | null {
    const verdict = this.#project.store.decisions.verdict(imageId);
    if (verdict)
      return { reviewer: verdict.reviewer, verdict: verdict.verdict, label: verdict.label ?? undefined };
    const answer = this.#board.state(imageId).answers.at(-1);
    if (!answer) return null;
    return {
      reviewer: answer.reviewer,
      verdict: answer.verdict,
      label: answer.labelId === null ? undefined : this.#labels.get(answer.labelId),
    };
  }
}

/** An answer that was not taken, as clients get it. */
export function toLeftAnswer({
  sha256,
  reviewer,
  verdict,
  label,
  why: reason,
  at,
  held,
}: RecordedLeft): LeftAnswer {
  return {
    sha256,
    reviewer,
    verdict,
    label: label ?? null,
    why: reason,
    at,
    held: held ? { reviewer: held.reviewer, verdict: held.verdict, label: held.label ?? null } : null,
  };
}

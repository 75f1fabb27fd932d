import type { ReviewSession } from '../../../rpc/contract/reviews.ts';
import { errorCode } from '../../../rpc/errors.ts';
import { ActQueue } from './act-queue.ts';
import { undoWords } from './undo-words.ts';
import { integer } from '../../parts/format.ts';
import { answerWords, isPassedOver, isRecorded, shownAnswer, type Answer } from './answers.ts';
import { ItemTimer } from './item-timer.ts';
import { ItemWindow } from './item-window.ts';
import { NO_PACE, paced, type ReviewCore, type ReviewState } from './review-state.ts';
import { Showings } from './showings.ts';

/**
 * One sitting at a queue. Acts run strictly one after the other; an answer is bound to the image that was painted
 * when its key went down, and the next image is shown only when the answer is on disk.
 */
export class SessionStore {
  readonly #core: ReviewCore;
  readonly items: ItemWindow;
  readonly timer = new ItemTimer();
  readonly #listeners = new Set<() => void>();
  #state: ReviewState;
  readonly #showings = new Showings();
  readonly #acts = new ActQueue({
    failed: (error) => this.#failed(error),
    slow: (busy) => this.#set({ busy }),
  });
  #pressedAt: number | null = null;
  #refreshes = 0;
  /** Something was recorded since the core was asked how the queue stands. */
  #isStale = false;

  private constructor(core: ReviewCore, session: ReviewSession) {
    this.#core = core;
    this.items = new ItemWindow(async (from, count) => {
      const items = await core.items(from, count);
      this.#set({ loaded: this.#state.loaded + 1 });
      return items;
    }, session.total);
    this.#state = {
      session,
      position: session.next,
      item: null,
      busy: false,
      saved: null,
      failure: null,
      notice: null,
      noticeOf: null,
      pace: NO_PACE,
      loaded: 0,
    };
  }

  static async open(core: ReviewCore): Promise<SessionStore> {
    const store = new SessionStore(core, await core.session());
    await store.#show(store.#state.session.next);
    return store;
  }

  close(): void {
    this.#acts.clear();
    this.#listeners.clear();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ReviewState => this.#state;

  /** The stage reports when an image is on the screen: it cannot be answered before that. */
  readonly painted = (sha256: string, at: number): void => {
    const { item, position } = this.#state;
    if (item?.sha256 !== sha256) return;
    this.#showings.painted(sha256, position, at);
    this.timer.start(at);
    if (this.#pressedAt !== null)
      performance.measure('assay:review', { start: this.#pressedAt, end: at, detail: { sha256, position } });
    this.#pressedAt = null;
    // Only now: what the team has done, and what comes later, is no reason to show this image later.
    this.items.prefetch(position);
    if (this.#isStale) void this.#refresh();
  };

  /** Answers the image that was on the screen at `pressedAt`. */
  answer(answer: Answer, pressedAt: number): void {
    const target = this.#showings.take(answer, pressedAt);
    if (!target) return;
    const { sha256, position } = target;
    const durationMs = this.timer.elapsedMs(pressedAt);
    // A new answer to an item whose answer could not be saved takes the place of that one.
    if (this.#state.failure !== null) this.#acts.clear();
    let attempted = false;
    let recorded = false;
    let wasSkipped: boolean | undefined;
    this.#enqueue(async () => {
      // Without a reply it is unknown whether the core had written it: ask before it is written again.
      const held = attempted && !recorded ? await this.items.reload(position) : this.items.at(position);
      attempted = true;
      wasSkipped ??= isPassedOver(held?.answer);
      if (!recorded && !isRecorded(answer, held)) {
        try {
          await this.#core.decide({ ...answer, sha256, place: position, durationMs });
        } catch (error) {
          if (await this.#hasMoved(error, sha256, position)) return this.#startOver();
          throw error;
        }
        this.#count(sha256, position, answer, durationMs);
      }
      recorded = true;
      if (this.#state.position === position) {
        const next = await this.#nextOpen(position, wasSkipped);
        this.#pressedAt = pressedAt;
        await this.#show(next);
      }
    });
  }

  /** Takes back this reviewer's newest act and shows its item; an answer that was not saved is dropped instead. */
  undo(): void {
    if (this.#state.failure !== null) return this.drop();
    this.#enqueue(async () => {
      const undone = await this.#tryUndo();
      if (!undone) return;
      this.#showings.forgetAnswers();
      const session = await this.#core.session();
      const { sha256, position, was } = undone;
      const { notice, isHere } = undoWords(undone, session.queue);
      if (!isHere || position === null) return this.#set({ session, notice, noticeOf: sha256 });
      const { pace } = this.#state;
      // The time was spent all the same.
      const answers = Math.max(pace.answers - (was.verdict === 'skip' ? 0 : 1), 0);
      // All of one act may be of many items: what is known of them no longer holds.
      if (undone.applied > 1) this.items.clear();
      await this.items.reload(position);
      await this.#show(position, { session, notice, saved: null, pace: { ...pace, answers } });
    });
  }

  go(position: number): void {
    const { session, failure } = this.#state;
    if (failure !== null || position < 0 || position > session.total) return;
    this.#enqueue(async () => {
      // The decision changed its boxes and its history.
      if (this.items.at(position)?.answer) await this.items.reload(position);
      await this.#show(position, { notice: null });
    });
  }

  /** Moves from the item that will be shown once all earlier key presses are done with. */
  move(by: 1 | -1): void {
    if (this.#acts.isEmpty) this.go(this.#state.position + by);
  }

  /** The first item that was skipped, from the start. */
  goToSkipped(): void {
    this.#enqueue(async () => {
      const position = await this.items.find((item) => isPassedOver(item.answer), 0);
      await this.#show(position ?? this.#state.session.total, {
        notice: position === null ? 'Nothing was skipped.' : null,
      });
    });
  }

  /** A class was added: it can be given from here on. */
  addClass(label: string): void {
    const { session } = this.#state;
    if (session.classes.includes(label)) return;
    this.#set({ session: { ...session, classes: [...session.classes, label] } });
  }

  /** Tells the reviewer something that is no failure. */
  say(notice: string | null): void {
    this.#set({ notice });
  }

  retry(): void {
    this.#set({ failure: null });
    this.#acts.resume();
  }

  /** After a pause: reloads the queue, then retries what was refused meanwhile. */
  goOn(): void {
    const held = this.#acts.clear();
    this.#enqueue(async () => {
      const session = await this.#core.session();
      this.#set({ session });
      if (!session.gold?.paused) this.#acts.push(...held);
    });
  }

  /** Lets go of an answer that could not be saved. */
  drop(): void {
    this.#acts.clear();
    this.#showings.forgetAnswers();
    this.#set({ failure: null, notice: 'The answer was dropped. Nothing was recorded.' });
  }

  /** Resolves when all that was asked for is done, or has failed. */
  idle(): Promise<void> {
    return this.#acts.idle();
  }

  #enqueue(act: () => Promise<void>): void {
    if (this.#state.failure !== null) this.#set({ failure: null });
    this.#acts.push(act);
  }

  /** Never tried again by itself: without a reply it is unknown whether it was done, and twice is one too many. */
  async #tryUndo(): Promise<Awaited<ReturnType<ReviewCore['undo']>> | null> {
    try {
      return await this.#core.undo();
    } catch (error) {
      this.#set({ notice: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }

  async #failed(error: unknown): Promise<void> {
    this.#set({ failure: error ?? new Error('The core gave no reason.') });
    if (errorCode(error) !== 'DECISION_REFUSED') return;
    try {
      const session = await this.#core.session();
      if (session.gold?.paused) this.#set({ session });
    } catch {
      // The refusal itself is on the screen already.
    }
  }

  /** What the sitting itself knows of an answer that is on record now. */
  #count(sha256: string, position: number, answer: Answer, durationMs: number): void {
    const { session, pace } = this.#state;
    const item = this.items.at(position);
    const held = shownAnswer(answer, item?.givenLabel ?? null);
    const wasOpen = !item?.answer || isPassedOver(item.answer);
    const isDone = answer.verdict !== 'skip' || answer.flag === true;
    this.items.answered(position, held);
    this.#isStale = true;
    this.#state = {
      ...this.#state,
      session: { ...session, answered: session.answered + (wasOpen && isDone ? 1 : 0) },
      saved: {
        of: `item ${integer(position + 1)}`,
        sha256,
        boxed: answer.boxes !== undefined,
        words: answerWords(held ?? answer),
      },
      notice: null,
      pace: paced(pace, answer, durationMs, null),
    };
  }

  /**
   * Where to go on from: the first item that was not seen yet, or for somebody who went ahead the next one from
   * there, leaving out what others have settled. Skipped items come back once everything was seen.
   */
  async #nextOpen(from: number, wasSkipped: boolean): Promise<number> {
    const { next, total } = this.#state.session;
    if (next > from && next < total && !this.items.at(next)?.answer) return next;
    const ahead = await this.items.find((item) => item.answer === null && !item.settled, from + 1);
    if (ahead !== null) return ahead;
    if (wasSkipped) return (await this.items.find((item) => isPassedOver(item.answer), from + 1)) ?? total;
    const session = await this.#core.session();
    this.#set({ session });
    return session.next;
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    const asked = ++this.#refreshes;
    try {
      const session = await this.#core.session();
      // The classes stay the same object, so that what only shows those is not rendered again.
      const { classes, rankedSeq } = this.#state.session;
      if (asked !== this.#refreshes) return;
      this.#set({ session: { ...session, classes } });
      if (session.rankedSeq === rankedSeq) return;
      this.#set({ notice: 'What comes later was ranked again by the answers so far.' });
      await this.items.reordered(this.#state.position);
    } catch {
      // Whatever keeps the core from answering is met, and shown, with the next act.
    }
  }

  /** Whether an answer was refused because the queue was re-ranked and another item is at its place. */
  async #hasMoved(error: unknown, sha256: string, position: number): Promise<boolean> {
    if (errorCode(error) !== 'DECISION_REFUSED') return false;
    return (await this.items.reload(position))?.sha256 !== sha256;
  }

  async #startOver(): Promise<void> {
    this.items.clear();
    this.#showings.forgetAnswers();
    const session = await this.#core.session();
    await this.#show(session.next, {
      session,
      notice: 'The queue was ranked again meanwhile, so the answer was not recorded.',
    });
  }

  async #show(position: number, also: Partial<ReviewState> = {}): Promise<void> {
    const item = (await this.items.load(position)) ?? null;
    this.#set({ ...also, position: item ? position : this.#state.session.total, item });
  }

  #set(change: Partial<ReviewState>): void {
    // A notice comes with its own image, or with none.
    const noticeOf = 'notice' in change ? null : this.#state.noticeOf;
    this.#state = { ...this.#state, noticeOf, ...change };
    for (const tell of this.#listeners) tell();
  }
}

import type { DecisionInput, ReviewItem, ReviewSession, Together } from '../../../../rpc/contract/reviews.ts';
import { errorCode } from '../../../../rpc/errors.ts';
import { counted } from '../../../parts/format.ts';
import { ActQueue } from '../act-queue.ts';
import type { Answer } from '../answers.ts';
import { ItemTimer } from '../item-timer.ts';
import { NO_PACE, paced, type ReviewCore, type ReviewState } from '../review-state.ts';
import { undoWords } from '../undo-words.ts';

/** What a grid needs of the core besides. */
export interface GridCore extends ReviewCore {
  grid(count: number, together: Together): Promise<ReviewItem[]>;
  decideGrid(decisions: DecisionInput[]): Promise<unknown>;
}

interface Page {
  items: readonly ReviewItem[];
  /** What is said of single items, by hash, the newest last; the rest is accepted. */
  marks: ReadonlyMap<string, Answer>;
  /** Index of the item that keys are about. */
  at: number;
}

export type GridState = ReviewState & Page;

const NO_MARKS: Page['marks'] = new Map();
/** A second press within this time after a grid came is a key that bounced: nobody has looked yet. */
const BOUNCE_MS = 500;

/** One sitting at a queue, many items at once. What is said stays on the screen until the grid goes on record, as one act. */
export class GridStore {
  readonly #core: GridCore;
  readonly timer = new ItemTimer();
  readonly #listeners = new Set<() => void>();
  #state: GridState;
  #paintedAt: number | null = null;
  /** The grids of this sitting that are on record, as they were. */
  readonly #done: Page[] = [];
  readonly #acts = new ActQueue({
    failed: (error) => this.#failed(error),
    slow: (busy) => this.#set({ busy }),
  });

  private constructor(core: GridCore, session: ReviewSession) {
    this.#core = core;
    this.#state = {
      session,
      position: session.total,
      item: null,
      busy: false,
      saved: null,
      failure: null,
      notice: null,
      noticeOf: null,
      pace: NO_PACE,
      loaded: 0,
      items: [],
      marks: NO_MARKS,
      at: 0,
    };
  }

  static async open(core: GridCore, count: number, together: Together): Promise<GridStore> {
    const store = new GridStore(core, await core.session());
    store.#turn({ items: await core.grid(count, together), marks: NO_MARKS, at: 0 });
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

  readonly state = (): GridState => this.#state;

  /** Every tile is on the screen: only now can the grid be answered. */
  readonly painted = (items: readonly ReviewItem[], now: number): void => {
    if (items !== this.#state.items || this.#paintedAt !== null) return;
    this.#paintedAt = now;
    this.timer.start(now);
  };

  focusOn(at: number): void {
    this.#turn({ ...this.#state, at });
  }

  /** Passes over an item, to come back to it alone; what is said of it already is taken back. */
  readonly toggle = (sha256: string): void => {
    this.focusOn(this.#state.items.findIndex((item) => item.sha256 === sha256));
    this.mark(sha256, this.#state.marks.has(sha256) ? null : { verdict: 'skip' });
  };

  /** Says something of one item; null, or what is said of the rest, says nothing of its own. */
  mark(sha256: string, answer: Answer | null): void {
    const marks = new Map(this.#state.marks);
    marks.delete(sha256);
    if (answer && answer.verdict !== 'accept') marks.set(sha256, answer);
    this.#set({ marks, notice: null });
  }

  /** Asks anew, with another size or gathered otherwise; what is said of items that stay is kept. */
  gather(count: number, together: Together): void {
    this.#enqueue(async () => {
      const items = await this.#core.grid(count, together);
      const { item, marks } = this.#state;
      const kept = items.filter(({ sha256 }) => marks.has(sha256)).map(({ sha256 }) => sha256);
      const at = items.findIndex(({ sha256 }) => sha256 === item?.sha256);
      this.#turn({
        items,
        marks: new Map(kept.map((sha256) => [sha256, marks.get(sha256)!])),
        at: Math.max(at, 0),
      });
    });
  }

  /** Puts the grid on record: what is said of single items, and that all others are accepted; then comes the next one. */
  acceptRest(pressedAt: number, count: number, together: Together): void {
    const { items, marks, at } = this.#state;
    if (items.length === 0 || !this.#acts.isEmpty) return;
    if (this.#paintedAt === null || pressedAt < this.#paintedAt + BOUNCE_MS)
      return this.#set({ notice: 'These have only just come: look at them first.' });
    const spentMs = this.timer.elapsedMs(pressedAt);
    const durationMs = Math.round(spentMs / items.length);
    const decisions = items.map(({ sha256, position }) => ({
      ...(marks.get(sha256) ?? { verdict: 'accept' as const }),
      sha256,
      place: position,
      durationMs,
    }));
    let attempted = false;
    let recorded = false;
    this.#enqueue(async () => {
      // Without a reply it is unknown whether the core had written it; it is one act, so one item tells.
      recorded ||= attempted && (await this.#isRecorded(items[0]!));
      attempted = true;
      if (!recorded) {
        try {
          await this.#core.decideGrid(decisions);
        } catch (error) {
          if (await this.#hasMoved(items, error)) return this.#startOver(count, together);
          throw error;
        }
      }
      if (!this.#done.some((page) => page.items === items)) {
        this.#done.push({ items, marks, at });
        this.#count(items.length, marks, durationMs);
      }
      recorded = true;
      const [session, next] = await Promise.all([this.#core.session(), this.#core.grid(count, together)]);
      this.#turn({ items: next, marks: NO_MARKS, at: 0 }, { session, notice: null });
    });
  }

  /** Takes back the newest thing: what was last said of an item here, else the last act, a grid whole. */
  undo(count: number, together: Together): void {
    const { failure, marks, items } = this.#state;
    if (failure !== null) return this.drop();
    const last = [...marks.keys()].at(-1);
    if (last !== undefined) {
      this.mark(last, null);
      return this.focusOn(items.findIndex(({ sha256 }) => sha256 === last));
    }
    this.#enqueue(async () => {
      const undone = await this.#tryUndo();
      if (!undone) return;
      const session = await this.#core.session();
      const page = this.#done.at(-1);
      if (page && page.items[0]!.sha256 === undone.sha256 && page.items.length === undone.applied) {
        this.#done.pop();
        const { pace } = this.#state;
        const answers = Math.max(pace.answers - said(page), 0);
        return this.#turn(page, {
          session,
          saved: null,
          pace: { ...pace, answers },
          notice: `Undone: the whole grid of ${page.items.length}. What you said of single ones is still marked.`,
        });
      }
      const { notice } = undoWords(undone, session.queue);
      this.#turn(
        { items: await this.#core.grid(count, together), marks: NO_MARKS, at: 0 },
        { session, notice, noticeOf: undone.sha256 },
      );
    });
  }

  /** A class was added: it can be given from here on. */
  addClass(label: string): void {
    const { session } = this.#state;
    if (!session.classes.includes(label))
      this.#set({ session: { ...session, classes: [...session.classes, label] } });
  }

  retry(): void {
    this.#set({ failure: null });
    this.#acts.resume();
  }

  /** Lets go of what could not be saved; what is marked stays on the screen. */
  drop(): void {
    this.#acts.clear();
    this.#set({ failure: null, notice: 'Nothing was recorded.' });
  }

  /** After a pause: tries again what was refused meanwhile. */
  goOn(): void {
    const held = this.#acts.clear();
    this.#enqueue(async () => {
      const session = await this.#core.session();
      this.#set({ session });
      if (!session.gold?.paused) this.#acts.push(...held);
    });
  }

  /** Resolves when all that was asked for is done, or has failed. */
  idle(): Promise<void> {
    return this.#acts.idle();
  }

  #enqueue(act: () => Promise<void>): void {
    if (this.#state.failure !== null) this.#set({ failure: null });
    this.#acts.push(act);
  }

  async #isRecorded({ position }: ReviewItem): Promise<boolean> {
    const [held] = await this.#core.items(position, 1);
    return held?.answer != null;
  }

  /** Whether the grid was refused because the queue was ranked again, and others stand at its places. */
  async #hasMoved(items: readonly ReviewItem[], error: unknown): Promise<boolean> {
    if (errorCode(error) !== 'DECISION_REFUSED') return false;
    const now = await Promise.all(items.map(({ position }) => this.#core.items(position, 1)));
    return now.some(([held], i) => held?.sha256 !== items[i]!.sha256);
  }

  async #startOver(count: number, together: Together): Promise<void> {
    const session = await this.#core.session();
    const notice = 'The queue was ranked again meanwhile, so nothing of that grid was recorded.';
    this.#turn(
      { items: await this.#core.grid(count, together), marks: NO_MARKS, at: 0 },
      { session, notice },
    );
  }

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

  #count(count: number, marks: Page['marks'], durationMs: number): void {
    const accepted = count - marks.size;
    let { pace } = this.#state;
    for (let i = 0; i < accepted; i++) pace = paced(pace, { verdict: 'accept' }, durationMs, count);
    for (const answer of marks.values()) pace = paced(pace, answer, durationMs, count);
    this.#set({
      pace,
      saved: {
        of: counted(count, 'item'),
        sha256: '',
        boxed: false,
        words: `${accepted} accepted`,
      },
    });
  }

  /** Shows a grid: the item that keys are about is the state's item. */
  #turn(page: Page, also: Partial<ReviewState> = {}): void {
    if (page.items !== this.#state.items) this.#paintedAt = null;
    const item = page.items[page.at] ?? null;
    const { items, marks, at } = page;
    this.#set({ ...also, items, marks, at, item, position: item?.position ?? this.#state.session.total });
  }

  #set(change: Partial<GridState>): void {
    const noticeOf = 'notice' in change ? null : this.#state.noticeOf;
    this.#state = { ...this.#state, noticeOf, ...change };
    for (const tell of this.#listeners) tell();
  }
}

/** How many of a grid were answered. */
function said({ items, marks }: Page): number {
  return items.length - [...marks.values()].filter(({ verdict }) => verdict === 'skip').length;
}

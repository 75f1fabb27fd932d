import { isPlausiblePace } from '../../../rpc/contract/pace.ts';
import type { Answer } from './answers.ts';
import type { DecisionInput, ReviewItem, ReviewSession, UndoResult } from '../../../rpc/contract/reviews.ts';

/** The few procedures of the core that reviewing needs, for one project, reviewer and queue. */
export interface ReviewCore {
  session(): Promise<ReviewSession>;
  items(from: number, count: number): Promise<ReviewItem[]>;
  decide(decision: DecisionInput): Promise<unknown>;
  undo(): Promise<UndoResult>;
}

/** How fast a reviewer answers in this sitting. */
export interface Pace {
  /** Answers of a plausible time, and that time: skips and keys that bounced say nothing of the pace. */
  answers: number;
  ms: number;
  /** All the time at items, whatever was done with them. */
  activeMs: number;
}

export const NO_PACE: Pace = { answers: 0, ms: 0, activeMs: 0 };

/** The pace once an item was answered in this time, among `grid` at once; null for one alone. */
export function paced(now: Pace, answer: Answer, durationMs: number, grid: number | null): Pace {
  const activeMs = now.activeMs + durationMs;
  if (answer.verdict === 'skip' || !isPlausiblePace(durationMs, grid)) return { ...now, activeMs };
  return { answers: now.answers + 1, ms: now.ms + durationMs, activeMs };
}

/** What the parts of the screen need to know of a sitting, at one item or at many. */
export interface Sitting {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => ReviewState;
  retry(): void;
  drop(): void;
}

export interface ReviewState {
  session: ReviewSession;
  /** Of the item on the stage; `session.total` when all are answered. */
  position: number;
  item: ReviewItem | null;
  /** Something that was asked for takes longer than usual. */
  busy: boolean;
  /** What was last put on record, in words: of which item or items, and what. */
  saved: { of: string; sha256: string; boxed: boolean; words: string } | null;
  failure: unknown;
  /** Something to know that is no failure: what was undone, for one. */
  notice: string | null;
  /** The image that the notice is about, where another one is on the stage. */
  noticeOf: string | null;
  pace: Pace;
  /** Grows whenever items have arrived, so that those ahead can be shown. */
  loaded: number;
}

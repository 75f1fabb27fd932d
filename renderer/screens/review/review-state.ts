import type { DecisionInput, ReviewItem, ReviewSession, UndoResult } from '../../../rpc/contract/reviews.ts';

/** The few procedures of the core that reviewing needs, for one project, reviewer and queue. */
export interface ReviewCore {
  session(): Promise<ReviewSession>;
  items(from: number, count: number): Promise<ReviewItem[]>;
  decide(decision: DecisionInput): Promise<unknown>;
  undo(): Promise<UndoResult>;
}

export interface ReviewState {
  session: ReviewSession;
  /** Of the item on the stage; `session.total` when all are answered. */
  position: number;
  item: ReviewItem | null;
  /** Something that was asked for takes longer than usual. */
  busy: boolean;
  /** What was last put on record, in words. */
  saved: { position: number; sha256: string; boxed: boolean; words: string } | null;
  failure: unknown;
  /** Something to know that is no failure: what was undone, for one. */
  notice: string | null;
  /** The image that the notice is about, where another one is on the stage. */
  noticeOf: string | null;
  /** In this sitting. */
  answered: number;
  activeMs: number;
  /** Grows whenever items have arrived, so that those ahead can be shown. */
  loaded: number;
}

import type { ReactNode } from 'react';
import { END_WORDS } from '../../../rpc/contract/terms.ts';
import { counted, duration, integer } from '../../parts/format.ts';
import { inSentence } from './answers.ts';
import type { Sitting } from './review-state.ts';
import { useReview } from './use-review.ts';
import classes from './review-screen.module.css';

const HOUR_MS = 3_600_000;

/** Where the reviewer stands, how fast they go, and what the team has done. */
export function ProgressLine({ store, picker }: { store: Sitting; picker: ReactNode }) {
  const session = useReview(store, (state) => state.session);
  const position = useReview(store, (state) => state.position);
  const { answers, ms, activeMs } = useReview(store, (state) => state.pace);
  const { total, team } = session;
  const share = total === 0 ? 0 : session.answered / total;
  return (
    <div className={classes.progress}>
      {picker}
      <span className={classes.place}>
        {position < total ? `Item ${integer(position + 1)} of ${integer(total)}` : counted(total, 'item')}
      </span>
      <div
        className={classes.progressTrack}
        role="progressbar"
        aria-label="Answered by you"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={session.answered}
      >
        <div className={classes.progressBar} style={{ width: `${share * 100}%` }} />
      </div>
      <span>{integer(session.answered)} answered</span>
      {answers > 0 && ms > 0 && (
        <span
          className={classes.wide}
          title="Answers an hour of looking; skips and keys that bounced are left out"
        >
          {integer(Math.round((answers * HOUR_MS) / ms))} an hour · {duration(activeMs)} this sitting
        </span>
      )}
      {(session.reviewers > 1 || team.answers !== session.answered || team.questions > 0) && (
        <span
          className={classes.wide}
          title={session.endsIn === 'distribution' ? END_WORDS.distribution.meaning : undefined}
        >
          Team: {integer(team.answers)} of {counted(team.wanted, 'answer')}
          {team.conflicts > 0 && `, ${counted(team.conflicts, 'conflict')}`}
          {session.endsIn === 'distribution' && ', no conflicts'}
          {team.questions > 0 && `, ${counted(team.questions, 'question')}`}
        </span>
      )}
    </div>
  );
}

/** Whether the last answer is on disk. */
export function Saved({ store }: { store: Sitting }) {
  const isBusy = useReview(store, (state) => state.busy);
  const saved = useReview(store, (state) => state.saved);
  const failed = useReview(store, (state) => state.failure !== null);
  const words = failed
    ? 'Not saved'
    : isBusy
      ? 'Working …'
      : saved && `✓ Saved: ${saved.of}, ${inSentence(saved.words)}`;
  return (
    <span className={classes.saved} data-failed={failed} title={words ?? undefined}>
      {words}
    </span>
  );
}

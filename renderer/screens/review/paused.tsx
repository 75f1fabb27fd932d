import { Link } from '@tanstack/react-router';
import type { ReviewSession } from '../../../rpc/contract/reviews.ts';
import { percent } from '../../parts/format.ts';
import { projectParams, useProject } from '../../project.tsx';
import { useFocusHere } from './use-focus-here.ts';
import classes from './review-screen.module.css';

interface PausedProps {
  gold: NonNullable<ReviewSession['gold']>;
  queue: number;
  onCheck: () => void;
}

/** Says which score was reached and which was needed, and who can lift the pause; never which items were checks. */
export function Paused({ gold, queue, onCheck }: PausedProps) {
  const { folder, by } = useProject();
  const here = useFocusHere<HTMLDivElement>();
  return (
    <div className={classes.paused} role="alert" ref={here} tabIndex={-1}>
      <h2>Your queue is paused</h2>
      <p>
        Some items in queue {queue} have a known answer. {by} answered {percent(gold.accuracy)} of them as
        known; {percent(gold.threshold)} is required. Everything that you have answered is kept.
      </p>
      <p>
        Talk to the person who leads the quality work. Somebody else can let you go on, on the Gold screen;
        that goes on the record.
      </p>
      <div className={classes.next}>
        <button type="button" onClick={onCheck}>
          Check again
        </button>
        <Link to="/p/$folder/gold" params={projectParams(folder)}>
          Gold
        </Link>
      </div>
    </div>
  );
}

import type { Agreement } from '../../../rpc/contract/reviews.ts';
import { integer, percent } from '../../parts/format.ts';
import classes from './tables.module.css';

interface ReviewersProps {
  reviewers: Agreement['reviewers'];
  threshold: number;
  by: string;
  resuming: string | null;
  onResume: (reviewer: string) => void;
}

/** Each reviewer's accuracy against the threshold, and who is paused. */
export function Reviewers({ reviewers, threshold, by, resuming, onResume }: ReviewersProps) {
  if (reviewers.length === 0) return <p className={classes.none}>No answers in this queue yet.</p>;
  return (
    <table className={classes.table}>
      <caption>Accuracy by reviewer; {percent(threshold)} is required</caption>
      <thead>
        <tr>
          <th scope="col">Reviewer</th>
          <th scope="col">Gold answers</th>
          <th scope="col">Right</th>
          <th scope="col">Accuracy</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {reviewers.map(({ reviewer, gold }) => (
          <tr key={reviewer}>
            <th scope="row">{reviewer}</th>
            <td>{gold ? integer(gold.seen) : 'None yet'}</td>
            <td>{gold ? integer(gold.right) : '–'}</td>
            <td>{gold ? <Gauge accuracy={gold.accuracy} threshold={threshold} /> : '–'}</td>
            <td>
              {gold?.paused ? (
                <Pause
                  isOwn={reviewer === by}
                  isBusy={resuming === reviewer}
                  name={reviewer}
                  onResume={() => onResume(reviewer)}
                />
              ) : (
                'Working'
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Gauge({ accuracy, threshold }: { accuracy: number; threshold: number }) {
  return (
    <span className={classes.gauge} data-low={accuracy < threshold}>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: `${accuracy * 100}%` }} />
        <span className={classes.mark} style={{ left: `${threshold * 100}%` }} />
      </span>
      {percent(accuracy)}
      {accuracy < threshold && ' (too low)'}
    </span>
  );
}

interface PauseProps {
  isOwn: boolean;
  isBusy: boolean;
  name: string;
  onResume: () => void;
}

function Pause({ isOwn, isBusy, name, onResume }: PauseProps) {
  return (
    <span className={classes.pause}>
      <b>Paused</b>
      {isOwn ? (
        <span>somebody else must let you go on</span>
      ) : (
        <button type="button" className={classes.button} disabled={isBusy} onClick={onResume}>
          {isBusy ? 'Resuming …' : `Let ${name} go on`}
        </button>
      )}
    </span>
  );
}

import type { HistoryEntry } from '../../../../rpc/contract/images.ts';
import { dateTime } from '../../../parts/format.ts';
import { Part } from './part.tsx';
import classes from './rail.module.css';

const PAST: Record<string, string> = {
  accept: 'accepted',
  relabel: 'relabelled',
  reject: 'rejected',
  skip: 'skipped',
  undo: 'undone',
};

/** Who said what of it, and when. */
export function History({ entries }: { entries: readonly HistoryEntry[] }) {
  return (
    <Part title="History">
      {entries.length === 0 && <p className={classes.dimmed}>Nobody has looked at it yet.</p>}
      <ul className={classes.history}>
        {entries.map((entry) => (
          <li key={entry.seq} data-undone={entry.undone || undefined}>
            <span>
              <strong>{entry.by}</strong> {PAST[entry.verdict] ?? entry.verdict}
              {entry.label === null ? '' : ` to ${entry.label}`}
              {entry.reason === null ? '' : `: ${entry.reason}`}
              {entry.purpose === 'review' ? '' : ` (${entry.purpose})`}
              {entry.undone && <em> taken back since</em>}
            </span>
            <time className={classes.dimmed} dateTime={entry.at}>
              {dateTime(entry.at)}
            </time>
          </li>
        ))}
      </ul>
    </Part>
  );
}

import { Tooltip } from '@mantine/core';
import type { ScoreInfo } from '../../../../rpc/contract/scores.ts';
import { decimal } from '../../../parts/format.ts';
import { grouped } from '../../../parts/score-names.ts';
import { Part } from './part.tsx';
import bits from '../../../parts/bits.module.css';
import classes from './rail.module.css';

interface ScoresProps {
  values: Readonly<Record<string, number>>;
  scores: ReadonlyMap<string, ScoreInfo>;
}

/** Every value, with a bar of where it lies in the score's range; what it means on hover and on focus. */
export function Scores({ values, scores }: ScoresProps) {
  const known = [...scores.values()].filter(({ id }) => values[id] !== undefined);
  return (
    <Part title="Scores">
      {known.length === 0 && <div className={bits.small}>Not scored yet.</div>}
      {grouped(known).map(({ group, title, scores: own }) => (
        <div key={group}>
          <h4 className={classes.scoreGroup}>{title}</h4>
          <ul className={classes.scores}>
            {own.map((info) => (
              <li key={info.id}>
                <Score info={info} value={values[info.id] ?? 0} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Part>
  );
}

function Score({ info, value }: { info: ScoreInfo; value: number }) {
  const { id, title, meaning, suspect, threshold, range } = info;
  const [low, high] = range;
  const share = high > low ? Math.min(Math.max((value - low) / (high - low), 0), 1) : 0;
  const isSuspect = threshold !== null && (suspect === 'high' ? value >= threshold : value <= threshold);
  const words = `${title}: ${meaning}. ${suspect === 'high' ? 'High' : 'Low'} is suspect${
    threshold === null ? '' : `, from ${decimal(threshold)}`
  } (${id}).`;
  return (
    <Tooltip
      label={words}
      multiline
      w={260}
      position="left"
      events={{ hover: true, focus: true, touch: true }}
    >
      <div
        className={classes.score}
        tabIndex={0}
        role="group"
        aria-label={`${title} ${decimal(value)}${isSuspect ? ', suspect' : ''}. ${words}`}
        data-suspect={isSuspect || undefined}
      >
        <span className={classes.ellipsis}>{title}</span>
        <span className={classes.bar} aria-hidden>
          <span style={{ width: `${100 * share}%` }} />
        </span>
        <span className={classes.value}>
          {isSuspect && <span aria-hidden>▲ </span>}
          {decimal(value)}
        </span>
      </div>
    </Tooltip>
  );
}

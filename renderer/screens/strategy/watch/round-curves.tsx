import type { Rounds } from '../../../../rpc/contract/rounds.ts';
import { Card } from '../../../parts/card.tsx';
import { Curve, Curves, type CurvePoint } from '../../../parts/curve.tsx';
import { dateTime, figure, integer, percent } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import classes from './watch.module.css';

/** What was trained on how much that is real, round after round, and what is called out. */
export function RoundCurves({ rounds: { rounds, newestRealAt } }: { rounds: Rounds }) {
  const measures = [...new Set(rounds.flatMap(({ holdout }) => holdout.map(({ measure }) => measure)))];
  const called = rounds.filter(({ alarms }) => alarms.length > 0);
  const points = (of: (round: Rounds['rounds'][number]) => number | undefined): CurvePoint[] =>
    rounds.map((round) => ({ name: round.name, value: of(round) ?? null, band: null, outside: false }));
  return (
    <Card id="round-curves" title="From training round to training round" isStack>
      <p className={page.hint}>
        {rounds.length === 0 && 'No training round is on record. '}
        {newestRealAt !== null && `Real images were imported last on ${dateTime(newestRealAt)}.`}
      </p>
      {called.length > 0 && (
        <ul className={classes.called}>
          {called.toReversed().map(({ id, name, alarms }) => (
            <li key={id}>
              {name}: {alarms.join(' ')}
            </li>
          ))}
        </ul>
      )}
      {rounds.length > 0 && (
        <Curves>
          <Curve
            title="Real share of the mix"
            of="round"
            points={points(({ realShare }) => realShare)}
            say={(value) => (value == null ? '–' : percent(value))}
          />
          <Curve
            title="New real images"
            of="round"
            points={points(({ newRealImages }) => newRealImages)}
            say={(value) => (value == null ? '–' : integer(value))}
          />
          {measures.map((measure) => (
            <Curve
              key={measure}
              title={`On the hold-out: ${measure}`}
              of="round"
              points={points(({ holdout }) => holdout.find((one) => one.measure === measure)?.value)}
              say={figure}
            />
          ))}
        </Curves>
      )}
    </Card>
  );
}

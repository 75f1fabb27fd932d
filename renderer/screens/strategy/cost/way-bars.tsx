import { between, money } from '../../../../rpc/contract/cost-words.ts';
import { COST_WAYS, COST_WAY_IDS, type Amount, type CostWayId } from '../../../../rpc/contract/costs.ts';
import classes from './cost.module.css';

interface WayBarsProps {
  amounts: Record<CostWayId, Amount | null>;
  /** In place of an amount that there is none of. */
  none: string;
}

/** One amount of each way: a bar to its middle, a line over its interval, and both in figures. */
export function WayBars({ amounts, none }: WayBarsProps) {
  const most = Math.max(1e-12, ...COST_WAY_IDS.map((way) => amounts[way]?.interval[1] ?? 0));
  const x = (value: number): number => (100 * value) / most;
  return (
    <ul className={classes.bars}>
      {COST_WAY_IDS.map((way) => {
        const amount = amounts[way];
        return (
          <li key={way}>
            <div className={classes.barWords} title={`To have the images, ${COST_WAYS[way].meaning}.`}>
              <span>{COST_WAYS[way].title}</span>
              <span>
                {amount ? (
                  <>
                    <b>{money(amount.middle)}</b> ({between(amount)})
                  </>
                ) : (
                  none
                )}
              </span>
            </div>
            <svg className={classes.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
              {amount && (
                <>
                  <rect
                    className={classes.way}
                    data-way={way}
                    x={0}
                    y={1}
                    width={x(amount.middle)}
                    height={8}
                  />
                  <rect
                    className={classes.interval}
                    x={x(amount.interval[0])}
                    y={4}
                    width={Math.max(0.3, x(amount.interval[1] - amount.interval[0]))}
                    height={2}
                  />
                </>
              )}
            </svg>
          </li>
        );
      })}
    </ul>
  );
}

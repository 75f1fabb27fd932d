import { money, rangeOf } from '../../../../rpc/contract/cost-words.ts';
import { COST_INPUTS, type CostReport } from '../../../../rpc/contract/costs.ts';
import page from '../../../parts/page.module.css';
import classes from './cost.module.css';

/** What the hybrid way saves with each input at either end of its range while the others stay in the middle. */
export function Tornado({ report: { drivers, inputs, saving, currency } }: { report: CostReport }) {
  if (drivers.length === 0)
    return <p className={page.hint}>No input has a range: nothing moves the saving.</p>;
  const ends = drivers.flatMap(({ atLow, atHigh }) => [atLow, atHigh]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const x = (value: number): number => 2 + (96 * (value - least)) / (most - least || 1);
  return (
    <>
      <p className={page.hint}>
        The saving in {currency} with one input from the low end of its range to the high end, and the others
        in the middle, where it is {money(saving.amount.middle)} (the line)
        {least < 0 && most > 0 && '; the dashed line is no saving at all'}.
      </p>
      <ul className={classes.tornado}>
        {drivers.map(({ input, atLow, atHigh }) => (
          <li key={input}>
            <span>
              {COST_INPUTS[input].title}
              <span className={classes.range}> {rangeOf(inputs.find((one) => one.input === input)!)}</span>
            </span>
            <svg className={classes.swing} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
              <rect
                className={classes.driver}
                x={x(Math.min(atLow, atHigh))}
                y={1.5}
                width={Math.max(0.4, x(Math.max(atLow, atHigh)) - x(Math.min(atLow, atHigh)))}
                height={7}
              />
              <path className={classes.mark} d={`M${x(saving.amount.middle)} 0V10`} />
              {least < 0 && most > 0 && <path className={classes.mark} data-low="true" d={`M${x(0)} 0V10`} />}
            </svg>
            <span className={page.number}>
              {money(atLow)} to {money(atHigh)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

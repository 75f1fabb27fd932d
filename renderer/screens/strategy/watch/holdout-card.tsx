import type { HoldoutQuality } from '../../../../rpc/contract/watch.ts';
import { Card } from '../../../parts/card.tsx';
import { Curve, Curves } from '../../../parts/curve.tsx';
import { integer, percent } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';

/** How the label model does on the hold-out, run by run. */
export function HoldoutCard({ holdout }: { holdout: readonly HoldoutQuality[] }) {
  const newest = holdout.at(-1)!;
  return (
    <Card id="holdout" title="Label model on the hold-out">
      <p className={page.hint}>
        In the newest run it gives {percent(newest.accuracy)} of {integer(newest.images)} hold-out images
        their label (95 %: {percent(newest.interval[0])} to {percent(newest.interval[1])});{' '}
        <span title="Expected calibration error">
          how sure it says it is and how often it is right differ by {percent(newest.calibrationError)}
        </span>
        .{holdout.length > 1 && ' The band is the 95 % interval of each run.'}
      </p>
      {holdout.length > 1 && (
        <Curves>
          <Curve
            title="Accuracy"
            of="run"
            points={holdout.map(({ run, accuracy, interval }) => ({
              name: `run ${run}`,
              value: accuracy,
              band: interval,
              outside: false,
            }))}
            say={(value) => (value == null ? '–' : percent(value))}
          />
        </Curves>
      )}
    </Card>
  );
}

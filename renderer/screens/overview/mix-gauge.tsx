import type { ProjectStatus } from '../../../rpc/contract/projects.ts';
import { integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import classes from './overview-screen.module.css';

const VERDICTS = {
  good: 'Enough real images to keep the training set anchored.',
  low: 'A little low: 30 to 40 % real is usual for a sound mix.',
  alarm:
    'Under 20 % real: what is trained on this drifts towards the generator. Add real images, or leave synthetic ones out.',
  unknown: 'Import real and synthetic images to see the mix.',
} as const;

/** Real images as a share of what is trained on, against the range that is sound. */
export function MixGauge({ realShare, images }: Pick<ProjectStatus, 'realShare' | 'images'>) {
  const { share, verdict } = realShare;
  return (
    <section className={page.card} aria-labelledby="mix">
      <h2 id="mix" className={page.subtitle}>
        Real share of the mix
      </h2>
      <div className={classes.gauge}>
        <strong className={classes.figure} data-verdict={verdict}>
          {share === null ? '–' : percent(share, 0)}
        </strong>
        <div
          className={classes.scale}
          role="meter"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share === null ? 0 : Math.round(100 * share)}
          aria-label="Real share of the mix"
        >
          <span className={classes.alarm} />
          <span className={classes.low} />
          <span className={classes.good} />
          <span className={classes.above} />
          {share !== null && <span className={classes.needle} style={{ left: `${100 * share}%` }} />}
          <span className={classes.tick} data-at="20" aria-hidden>
            20
          </span>
          <span className={classes.tick} data-at="30" aria-hidden>
            30
          </span>
          <span className={classes.tick} data-at="40" aria-hidden>
            40 %
          </span>
        </div>
      </div>
      <p className={classes.verdict} data-verdict={verdict}>
        {VERDICTS[verdict]}
      </p>
      <p className={page.hint}>
        {integer(images.real)} real, {integer(images.synthetic)} synthetic; {integer(images.holdout)} held out
        and never trained on.
      </p>
    </section>
  );
}

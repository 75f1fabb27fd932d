import type { ProjectStatus } from '../../../rpc/contract/projects.ts';
import { integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import classes from './overview-screen.module.css';

/** What may be said of the images that nobody looked at: the sentence, and its interval drawn. */
export function EstimateCard({ status: { estimate, estimateText } }: { status: ProjectStatus }) {
  return (
    <section className={page.card} aria-labelledby="estimate">
      <h2 id="estimate" className={page.subtitle}>
        The unreviewed rest
      </h2>
      <p className={classes.sentence}>{estimateText}</p>
      {estimate && (
        <div className={classes.interval}>
          <div className={classes.bound} aria-hidden>
            <span className={classes.range} style={{ width: `${100 * Math.min(1, estimate.rateUpper)}%` }} />
            {estimate.rate !== null && (
              <span className={classes.point} style={{ left: `${100 * Math.min(1, estimate.rate)}%` }} />
            )}
          </div>
          <span className={page.hint}>
            Found wrong: {estimate.rate === null ? 'not known yet' : percent(estimate.rate)} of{' '}
            {integer(estimate.sampled)} audited. The bar reaches to the bound of {percent(estimate.rateUpper)}
            .
          </span>
        </div>
      )}
    </section>
  );
}

import type { Overview } from '../../../rpc/contract/projects.ts';
import { integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import classes from './overview-screen.module.css';

const STEPS = [
  { key: 'imported', title: 'Imported', what: 'all images of the project' },
  { key: 'filtered', title: 'Filtered', what: 'left after what rules settle: leaks, copies, duplicates' },
  { key: 'queued', title: 'Queued', what: 'chosen for people to look at' },
  { key: 'reviewed', title: 'Reviewed', what: 'queued ones that were decided' },
  { key: 'verified', title: 'Verified', what: 'decided anywhere, in the queue or by hand' },
] as const;

/** From all that came in to what a person has said something of. */
export function FunnelCard({ funnel }: { funnel: Overview['funnel'] }) {
  const whole = Math.max(1, funnel.imported);
  return (
    <section className={page.card} aria-labelledby="funnel">
      <h2 id="funnel" className={page.subtitle}>
        How far it is
      </h2>
      <dl className={classes.funnel}>
        {STEPS.map(({ key, title, what }) => (
          <div key={key} className={classes.step} title={`${title}: ${what}`}>
            <dt>{title}</dt>
            <dd className={classes.track} aria-hidden>
              <span
                className={classes.fill}
                data-step={key}
                style={{ width: `${Math.min(100, (100 * funnel[key]) / whole)}%` }}
              />
            </dd>
            <dd className={classes.number}>{integer(funnel[key])}</dd>
            <dd className={classes.share}>{percent(funnel[key] / whole)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

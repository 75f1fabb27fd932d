import type { ClusterReport } from '../../../rpc/contract/reports.ts';
import { integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Thumb } from '../../parts/thumb.tsx';
import { figure } from './figures.ts';
import classes from './reports.module.css';

/** Below this chance alone is no explanation. */
const CHANCE = 0.01;

/** Where the batch lies over the kinds of real image, and which rare kinds it hardly has. */
export function RareKinds({ clusters }: { clusters: ClusterReport }) {
  const { rare, g, p, missing } = clusters;
  return (
    <section className={page.card} aria-labelledby="rare">
      <h2 id="rare" className={page.subtitle}>
        Kinds of real image
      </h2>
      <p className={page.hint}>
        {integer(clusters.clusters)} clusters of the real images. The batch lies over them{' '}
        {p <= CHANCE ? 'differently' : 'alike, as far as can be told'} (G = {figure(g)}, p = {figure(p)}).{' '}
        {rare.clusters > 0 &&
          `The ${integer(rare.clusters)} rare ones hold ${percent(rare.real)} of the real images and ${percent(rare.generated)} of the batch.`}
      </p>
      {missing.length === 0 ? (
        <p className={page.hint}>No rare kind is missing.</p>
      ) : (
        <ul className={classes.kinds}>
          {missing.map(({ label, real, generated, examples }) => (
            <li key={examples[0]?.sha256}>
              <div className={classes.examples}>
                {examples.map(({ sha256, path }) => (
                  <Thumb key={sha256} sha256={sha256} alt={path} size={64} />
                ))}
              </div>
              <p className={page.hint}>
                <b>{label ?? 'no label'}</b>: {percent(real)} of the real images, {percent(generated)} of the
                batch
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

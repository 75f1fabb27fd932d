import type { BatchReport } from '../../../rpc/contract/reports.ts';
import page from '../../parts/page.module.css';
import { Thumb } from '../../parts/thumb.tsx';
import { figure } from './figures.ts';
import classes from './reports.module.css';

/** Generated images beside the real ones that they resemble: a person has to tell copies from a narrow world. */
export function Pairs({ pairs }: { pairs: BatchReport['memorised'] }) {
  return (
    <section className={page.card} aria-labelledby="pairs">
      <h2 id="pairs" className={page.subtitle}>
        Pairs to look at
      </h2>
      <p className={page.hint}>
        {pairs.length === 0
          ? 'No generated image lies suspiciously close to a real one.'
          : 'Left the generated image, right the real one that it is closest to.'}
      </p>
      <ul className={classes.pairs}>
        {pairs.map(({ sha256, path, realSha256, realPath, ratio, confirmed }) => (
          <li key={sha256}>
            <div className={classes.examples}>
              <Thumb sha256={sha256} alt={`Generated: ${path}`} size={96} />
              <Thumb sha256={realSha256} alt={`Real: ${realPath}`} size={96} />
            </div>
            <p className={`${page.hint} ${page.path}`}>
              {path} beside {realPath}. {confirmed ? <b>A copy by its pixels.</b> : `Ratio ${figure(ratio)}.`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

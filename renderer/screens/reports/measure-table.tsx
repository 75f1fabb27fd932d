import type { Measured } from '../../../rpc/contract/reports.ts';
import { Card } from '../../parts/card.tsx';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import { figure, placesOn } from './figures.ts';
import classes from './reports.module.css';

/** Every measure beside the band of real images. */
export function MeasureTable({ measures }: { measures: readonly Measured[] }) {
  return (
    <Card id="measures" title="Measures">
      <p className={page.hint}>
        The bar is what real images give against other real images in 95 % of draws; the mark is the batch.
      </p>
      <div className={page.wide}>
        <table className={`${page.table} ${classes.measures}`}>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col" className={page.number}>
                Batch
              </th>
              <th scope="col">Real against real</th>
              <th scope="col" aria-label="Chart" />
              <th scope="col">What it says</th>
            </tr>
          </thead>
          <tbody>
            {measures.map((measured) => (
              <tr key={measured.id} data-outside={measured.outside}>
                <th scope="row">
                  {measured.title}
                  {measured.outside && <span className={classes.outside}>outside</span>}
                </th>
                <td className={page.number}>{figure(measured.value)}</td>
                <td>
                  {measured.band
                    ? `${figure(measured.band[0])} to ${figure(measured.band[2])}`
                    : (measured.why ?? '–')}
                </td>
                <td>
                  <Band {...measured} />
                </td>
                <td className={bits.dimmed}>{measured.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Band({ value, band, outside }: Pick<Measured, 'value' | 'band' | 'outside'>) {
  if (value === null || band === null) return null;
  const [low, middle, high] = band;
  const place = placesOn([low, high, value]);
  const at = (of: number): string => `${(100 * place(of)).toFixed(1)}%`;
  return (
    <span className={classes.track} aria-hidden>
      <span className={classes.band} style={{ left: at(low), right: `${100 - 100 * place(high)}%` }} />
      <span className={classes.middle} style={{ left: at(middle) }} />
      <span className={classes.mark} data-outside={outside} style={{ left: at(value) }} />
    </span>
  );
}

import {
  MEASURE_GROUPS,
  rangeWords,
  soundRange,
  tallyWords,
  type MeasureGroup,
} from '../../../rpc/contract/measures.ts';
import type { Measured } from '../../../rpc/contract/reports.ts';
import { Card } from '../../parts/card.tsx';
import bits from '../../parts/bits.module.css';
import { figure } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { placesOn } from '../../parts/places.ts';
import classes from './reports.module.css';

/** Every measure beside what is as good as real images, in groups. */
export function MeasureTable({ measures }: { measures: readonly Measured[] }) {
  return (
    <Card id="measures" title="Measures">
      <p className={page.hint}>
        The bar is as good as real images are against each other in 95 % of draws, open on the better side;
        the mark is the batch.
      </p>
      <div className={page.wide}>
        <table className={`${page.table} ${classes.measures}`}>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col" className={page.number}>
                Batch
              </th>
              <th scope="col">As good as real</th>
              <th scope="col" aria-label="Chart" />
              <th scope="col">What it says</th>
            </tr>
          </thead>
          {Object.entries(MEASURE_GROUPS).map(([group, { title }]) => (
            <Group
              key={group}
              title={title}
              measures={measures.filter((measured) => measured.group === (group as MeasureGroup))}
            />
          ))}
        </table>
      </div>
    </Card>
  );
}

function Group({ title, measures }: { title: string; measures: readonly Measured[] }) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={5} className={classes.group}>
          {title} <span className={classes.count}>{tallyWords(measures)} outside</span>
        </th>
      </tr>
      {measures.map((measured) => (
        <tr key={measured.id} data-outside={measured.outside}>
          <th scope="row">
            {measured.title}
            {measured.outside && <span className={classes.outside}>outside</span>}
          </th>
          <td className={page.number}>{figure(measured.value)}</td>
          <td title={bandWords(measured)}>{rangeWords(measured) ?? measured.why ?? '–'}</td>
          <td>
            <Band measured={measured} />
          </td>
          <td className={bits.dimmed}>{measured.meaning}</td>
        </tr>
      ))}
    </tbody>
  );
}

function bandWords({ band }: Measured): string | undefined {
  return band === null
    ? undefined
    : `Real against real: ${figure(band[0])} to ${figure(band[2])}, median ${figure(band[1])}`;
}

/** A value on the line, over the part of it that is as good as real images: inside it wherever it is not marked. */
function Band({ measured }: { measured: Measured }) {
  const { value, band, outside } = measured;
  const range = soundRange(measured);
  if (value === null || band === null || range === null) return null;
  const place = placesOn([band[0], band[2], value]);
  const at = (of: number): string => `${(100 * place(of)).toFixed(1)}%`;
  return (
    <span className={classes.track} aria-hidden>
      <span
        className={classes.band}
        style={{
          left: range.from === null ? 0 : at(range.from),
          right: range.to === null ? 0 : `${(100 - 100 * place(range.to)).toFixed(1)}%`,
        }}
      />
      <span className={classes.middle} style={{ left: at(band[1]) }} />
      <span className={classes.mark} data-outside={outside} style={{ left: at(value) }} />
    </span>
  );
}

import type { GenerationsReport } from '../../../rpc/contract/reports.ts';
import { figure, integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { Card } from '../../parts/card.tsx';
import page from '../../parts/page.module.css';
import { Curve, type CurvePoint } from './curve.tsx';
import classes from './reports.module.css';

/** Those that fall first when a generator feeds on itself. */
const CURVES = ['recall', 'coverage', 'rare-mass', 'entropy', 'vendi', 'authenticity'];

/** Every batch beside the others: does the generator collapse, and what does the mix look like? */
export function GenerationsView({ report }: { report: GenerationsReport }) {
  const { measures, points, holdout } = report;
  const alarms = points.filter(({ alarm }) => alarm);
  const curves = CURVES.flatMap((id) => {
    const at = measures.findIndex((measure) => measure.id === id);
    return at < 0 ? [] : [{ at, ...measures[at]! }];
  });
  const shares: CurvePoint[] = points.map(({ batch, mix }) => ({
    name: batch,
    value: mix.share,
    band: null,
    outside: false,
  }));
  const quality = holdout.at(-1);
  return (
    <>
      <section className={page.card} aria-label="Summary">
        <p className={classes.summary} data-alarm={alarms.length > 0}>
          {alarms.length > 0
            ? `Alarm at ${alarms.map(({ batch }) => batch).join(', ')}: two measures left the band in two batches running.`
            : points.length === 1
              ? 'One batch has no past: import the next one to see where the generator goes.'
              : 'No two measures left the band in two batches running.'}
        </p>
        {quality && (
          <p className={page.hint}>
            The label model gives {percent(quality.accuracy)} of {integer(quality.images)} hold-out images
            their label (95 %: {percent(quality.interval[0])} to {percent(quality.interval[1])});{' '}
            <span title="Expected calibration error">
              how sure it says it is and how often it is right differ by {percent(quality.calibrationError)}
            </span>
            .
          </p>
        )}
      </section>
      <Card id="curves" title="From batch to batch">
        <p className={page.hint}>
          The band is what real images give in draws of the batch’s size; a hollow point lies outside it.
        </p>
        <div className={classes.curves}>
          {curves.map(({ at, id, title }) => (
            <Curve
              key={id}
              title={title}
              points={points.map(({ batch, values }) => {
                const found = values[at];
                return {
                  name: batch,
                  value: found?.value ?? null,
                  band: found?.band ? [found.band[0], found.band[2]] : null,
                  outside: found?.outside ?? false,
                };
              })}
            />
          ))}
          <Curve title="Real images as a share of the mix" points={shares} />
        </div>
      </Card>
      <Card id="figures" title="The same in figures">
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Batch',
                ...[
                  'Generation',
                  'Images',
                  'Accepted',
                  'Rejected',
                  'Real share',
                  ...curves.map(({ title }) => title),
                  'Drift, p',
                ].map(figures),
              ]}
            />
            <tbody>
              {points.map((point) => (
                <tr key={point.batch}>
                  <th scope="row">
                    {point.batch}
                    {point.alarm && <span className={classes.outside}>alarm</span>}
                  </th>
                  <td className={page.number}>{point.generation ?? '–'}</td>
                  <td className={page.number}>{integer(point.images)}</td>
                  <td className={page.number}>{integer(point.accepted)}</td>
                  <td className={page.number}>{integer(point.rejected)}</td>
                  <td className={page.number}>{point.mix.share === null ? '–' : percent(point.mix.share)}</td>
                  {point.why === null ? (
                    curves.map(({ at, id }) => {
                      const found = point.values[at];
                      return (
                        <td key={id} className={page.number}>
                          {found?.outside ? <b>{figure(found.value)}</b> : figure(found?.value)}
                        </td>
                      );
                    })
                  ) : (
                    <td colSpan={curves.length}>{point.why}</td>
                  )}
                  <td className={page.number}>{figure(point.drift?.p)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </>
  );
}

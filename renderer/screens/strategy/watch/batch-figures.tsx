import type { WatchReport } from '../../../../rpc/contract/watch.ts';
import { Card } from '../../../parts/card.tsx';
import { figure, integer, percent } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import { curvesOf } from './curves-of.ts';
import classes from './watch.module.css';

/** What the curves show, in figures. */
export function BatchFigures({ measures, points }: Pick<WatchReport, 'measures' | 'points'>) {
  const curves = curvesOf(measures);
  return (
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
                'Kept',
                'Real share',
                ...curves.map(({ title }) => title),
                'Drift, p',
              ].map(figures),
            ]}
          />
          <tbody>
            {points.map((point) => (
              <tr key={point.batch}>
                <th scope="row" className={classes.name}>
                  {point.batch}
                  {point.alarm?.raised && <span className={classes.outside}>alarm</span>}
                </th>
                <td className={page.number}>{point.generation ?? '–'}</td>
                <td className={page.number}>{integer(point.images)}</td>
                <td className={page.number}>{integer(point.accepted)}</td>
                <td className={page.number}>{integer(point.rejected)}</td>
                <td className={page.number}>{point.kept === null ? '–' : percent(point.kept)}</td>
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
  );
}

import type { PlanRow } from '../../../rpc/contract/reports.ts';
import { integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import classes from './reports.module.css';

/** What to generate next, class by class. */
export function PlanTable({ plan }: { plan: readonly PlanRow[] }) {
  const wanted = plan.filter(({ generate }) => generate > 0);
  const enough = plan.length - wanted.length;
  return (
    <section className={page.card} aria-labelledby="plan">
      <h2 id="plan" className={page.subtitle}>
        What to generate next
      </h2>
      {wanted.length === 0 ? (
        <p className={page.hint}>Every class has its share: nothing is asked for.</p>
      ) : (
        <div className={classes.scroll}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Class',
                ...['Generate about', 'Usable now', 'Real', 'Lost in review'].map(figures),
                'Why',
              ]}
            />
            <tbody>
              {wanted.map(({ name, real, usable, generate, lost, why }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className={page.number}>
                    <b>{integer(generate)}</b>
                  </td>
                  <td className={page.number}>{integer(usable)}</td>
                  <td className={page.number}>{integer(real)}</td>
                  <td className={page.number}>
                    {lost.of === 0 ? '–' : `${percent(lost.share, 0)} of ${integer(lost.of)}`}
                  </td>
                  <td>{why.join('; ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {wanted.length > 0 && enough > 0 && (
        <p className={page.hint}>The other {integer(enough)} have enough.</p>
      )}
    </section>
  );
}

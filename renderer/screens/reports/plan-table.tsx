import { Link } from '@tanstack/react-router';
import type { PlanRow } from '../../../rpc/contract/plans.ts';
import { Card } from '../../parts/card.tsx';
import { integer, percent } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { projectParams, useProject } from '../../project.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';

/** What to generate next, class by class. */
export function PlanTable({ plan }: { plan: readonly PlanRow[] }) {
  const { folder } = useProject();
  const wanted = plan.filter(({ generate, vary }) => generate > 0 || vary);
  const enough = plan.length - wanted.length;
  return (
    <Card id="plan" title="What to generate next">
      {wanted.length === 0 ? (
        <p className={page.hint}>Every class has its share: nothing is asked for.</p>
      ) : (
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Class',
                ...['Generate about', 'Usable now', 'Share of usable', 'Share of real', 'Lost in review'].map(
                  figures,
                ),
                'Why',
              ]}
            />
            <tbody>
              {wanted.map(({ name, usable, shares, generate, decided, why }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className={page.number}>
                    <b>{generate > 0 ? integer(generate) : 'no more'}</b>
                  </td>
                  <td className={page.number}>{integer(usable)}</td>
                  <td className={page.number}>{percent(shares.usable)}</td>
                  <td className={page.number}>{percent(shares.real)}</td>
                  <td className={page.number}>
                    {decided.of === 0
                      ? '–'
                      : `${percent(1 - decided.kept / decided.of, 0)} of ${integer(decided.of)}`}
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
      <p className={page.hint}>
        Towards which target, with which prompts and settings:{' '}
        <Link to="/p/$folder/strategy" params={projectParams(folder)} search={{ card: 'plan' } as never}>
          Plan
        </Link>
        .
      </p>
    </Card>
  );
}

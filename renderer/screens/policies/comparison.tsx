import type { PolicyComparison } from '../../../rpc/contract/policies.ts';
import { integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import classes from './policies.module.css';

const share = (value: number | null): string => (value === null ? '–' : percent(value, 0));

/** Policies held against what people have decided. */
export function Comparison({ rows }: { rows: PolicyComparison[] }) {
  const known = rows[0]?.known ?? 0;
  return (
    <>
      <div className={classes.scroll}>
        <table className={page.table}>
          <caption>
            Of {integer(known)} images that people relabelled or rejected. Images that nobody decided say
            nothing.
          </caption>
          <TableHead
            columns={[
              'Policy',
              ...[
                'Items',
                'Decided',
                'Faults among them',
                'Share of the decided',
                'Estimated share of all faults',
              ].map(figures),
            ]}
          />
          <tbody>
            {rows.map(({ name, items, decided, found, hitRate, recall }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={page.number}>{integer(items)}</td>
                <td className={page.number}>{integer(decided)}</td>
                <td className={page.number}>{integer(found)}</td>
                <td className={page.number}>{share(hitRate)}</td>
                <td className={page.number}>{share(recall)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={page.hint}>
        The last column lets every fault that only the audit brought up count for the images that it stands
        for. With a small audit it is rough, and it favours policies that resemble the one in use less than a
        plain count does.
      </p>
    </>
  );
}

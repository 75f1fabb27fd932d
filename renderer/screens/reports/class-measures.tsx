import { Button } from '@mantine/core';
import { useState } from 'react';
import { tallyOutside, tallyWords } from '../../../rpc/contract/measures.ts';
import type { ClassReport } from '../../../rpc/contract/reports.ts';
import { figure, integer } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { Card } from '../../parts/card.tsx';
import page from '../../parts/page.module.css';

const COLUMNS = [
  ['coverage', 'Coverage'],
  ['recall', 'Recall'],
  ['precision', 'Precision'],
  ['density', 'Density'],
  ['vendi', 'Vendi score'],
] as const;
/** Before everything is asked for. */
const FIRST_ROWS = 30;

const outsideOf = ({ measures }: ClassReport): number => tallyOutside(measures).outside;

/** The batch class by class, the worst first. */
export function ClassMeasures({ reports }: { reports: readonly ClassReport[] }) {
  const [isWhole, setWhole] = useState(false);
  const rows = reports.toSorted((a, b) => outsideOf(b) - outsideOf(a));
  const shown = isWhole ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <Card id="classes" title="Class by class">
      <p className={page.hint}>
        Each class against its own real images. A bold value is worse than what these give each other; the
        last column counts all measures of the class.
      </p>
      <div className={page.wide}>
        <table className={page.table}>
          <TableHead
            columns={[
              'Class',
              ...['Real', 'Generated', ...COLUMNS.map(([, title]) => title), 'Outside'].map(figures),
            ]}
          />
          <tbody>
            {shown.map((report) => (
              <ClassRow key={report.name} report={report} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < rows.length && (
        <Button variant="default" mt="sm" onClick={() => setWhole(true)}>
          Show all {integer(rows.length)} classes
        </Button>
      )}
    </Card>
  );
}

function ClassRow({ report }: { report: ClassReport }) {
  const { name, real, generated, measures, why } = report;
  return (
    <tr>
      <th scope="row">{name ?? 'no label'}</th>
      <td className={page.number}>{integer(real)}</td>
      <td className={page.number}>{integer(generated)}</td>
      {why === null ? (
        COLUMNS.map(([id]) => {
          const found = measures.find((measured) => measured.id === id);
          return (
            <td key={id} className={page.number}>
              {found?.outside ? <b>{figure(found.value)}</b> : figure(found?.value)}
            </td>
          );
        })
      ) : (
        <td colSpan={COLUMNS.length}>{why}</td>
      )}
      <td className={page.number}>{tallyWords(measures)}</td>
    </tr>
  );
}

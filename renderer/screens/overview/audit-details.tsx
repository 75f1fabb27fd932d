import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../../client.ts';
import { integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import classes from './overview-screen.module.css';

const WAYS = [
  { value: 'class', label: 'By class' },
  { value: 'batch', label: 'By batch' },
  { value: 'risk', label: 'By label risk' },
];

/** The audit by parts, and what it says of the queue and of the reviewers. */
export function AuditDetails() {
  const { folder } = useProject();
  const [by, setBy] = useState('class');
  const report = useQuery({
    queryKey: ['audit', folder],
    queryFn: () => core.audit.report({ project: folder }),
    staleTime: 0,
  });
  if (report.isPending) return <Loading label="Adding up the audit" />;
  if (report.isError) return <Failure error={report.error} retry={() => void report.refetch()} />;
  const { breakdowns, faults, queueRecallLower, reviewers } = report.data;
  const shown = breakdowns.find((breakdown) => breakdown.by === by);
  return (
    <div className={page.stack}>
      {faults && (
        <p className={page.hint}>
          All that could be queued holds about {integer(Math.round(faults.total))} faults (standard error{' '}
          {integer(Math.round(faults.standardError))}); {integer(faults.found)} are found.
          {queueRecallLower !== null &&
            ` The ranked queue brought up at least ${percent(queueRecallLower)} of them.`}
        </p>
      )}
      {reviewers && <p className={page.hint}>{reviewers.text}</p>}
      <SegmentedControl aria-label="Parts" data={WAYS} value={by} onChange={setBy} size="xs" />
      {shown && (
        <div className={classes.parts} tabIndex={0} role="region" aria-label="Audit by parts">
          <table className={page.table}>
            <caption>
              All bounds hold together, whatever the parts are like; so they are wider than the one above.
            </caption>
            <TableHead columns={['Part', ...['Images', 'Audited', 'Wrong', 'At most'].map(figures)]} />
            <tbody>
              {shown.parts.map(({ name, population, sampled, wrong, rateUpper }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className={page.number}>{integer(population)}</td>
                  <td className={page.number}>{integer(sampled)}</td>
                  <td className={page.number}>{integer(wrong)}</td>
                  <td className={page.number}>{percent(rateUpper)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

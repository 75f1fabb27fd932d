import { Button, NumberInput, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProjectStatus } from '../../../rpc/contract/projects.ts';
import { core } from '../../client.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { Card } from '../../parts/card.tsx';
import page from '../../parts/page.module.css';
import { Failure, Loading } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import classes from './overview-screen.module.css';
import { figures, TableHead } from '../../parts/table-head.tsx';

/** The bound on the unreviewed images: a sentence, its interval, and the evidence. */
export function EstimateCard({ status: { estimate, estimateText } }: { status: ProjectStatus }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card id="estimate" title="The unreviewed rest">
      <p className={classes.sentence}>{estimateText}</p>
      {estimate && (
        <div className={classes.interval}>
          <div className={classes.bound} aria-hidden>
            <span
              className={classes.range}
              style={{
                width: `${estimate.unseen === 0 ? 0 : (100 * estimate.unseenUpper) / estimate.unseen}%`,
              }}
            />
            {estimate.rate !== null && (
              <span className={classes.point} style={{ left: `${100 * Math.min(1, estimate.rate)}%` }} />
            )}
          </div>
          <span className={page.hint}>
            Found wrong: {estimate.rate === null ? 'not known yet' : percent(estimate.rate)} of{' '}
            {integer(estimate.sampled)} audited. The bar reaches to the bound.
          </span>
        </div>
      )}
      <Planner />
      {estimate && (
        <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide the parts' : 'Show it part by part'}
        </Button>
      )}
      {isOpen && <AuditDetails />}
    </Card>
  );
}

/** How many audit items a bound needs. */
function Planner() {
  const { folder } = useProject();
  const [ratePercent, setRatePercent] = useState(1);
  const isSound = ratePercent > 0 && ratePercent < 100;
  const plan = useQuery({
    queryKey: ['audit-plan', folder, ratePercent],
    queryFn: () => core.audit.plan({ project: folder, maxRate: ratePercent / 100 }),
    enabled: isSound,
    placeholderData: (previous) => previous,
  });
  const [none, one] = plan.data?.sizes ?? [];
  return (
    <div className={classes.planner}>
      <NumberInput
        label="Further audits for at most"
        suffix=" % wrong"
        size="xs"
        w={200}
        min={0.1}
        max={99}
        decimalScale={2}
        step={0.5}
        value={ratePercent}
        onChange={(value) => setRatePercent(Number(value) || 0)}
      />
      <span className={page.hint} role="status">
        {none &&
          one &&
          `${counted(none.size, 'item')} if none is wrong, ${integer(one.size)} if one is (95 %). Settle on it before anybody looks.`}
      </span>
      {plan.isError && <Failure error={plan.error} />}
    </div>
  );
}

const WAYS = [
  { value: 'class', label: 'By class' },
  { value: 'batch', label: 'By batch' },
  { value: 'risk', label: 'By how likely the label is wrong' },
];

/** The audit by parts, and what it says of the queue and of the reviewers. */
function AuditDetails() {
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
          By the audits&rsquo; rate there are about {counted(Math.round(faults.total), 'fault')} in all
          (standard error {integer(Math.round(faults.standardError))}); {counted(faults.found, 'is', 'are')}{' '}
          found.
          {queueRecallLower !== null &&
            ` Ranked queues brought up at least ${percent(queueRecallLower)} of them.`}
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

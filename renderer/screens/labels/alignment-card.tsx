import { Button, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlignmentReport, Kept } from '../../../rpc/contract/scores.ts';
import { core } from '../../client.ts';
import { counted, decimal, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import classes from './labels.module.css';

const share = ({ kept, of }: Kept): string => (of === 0 ? '–' : percent(kept / of));
const EVIDENCE = {
  accepted: 'images that reviewers accepted, mostly suspicious ones',
  holdout: 'hold-out images',
  seed: 'real images, which the thresholds come from themselves',
};

/** Where the fit to the class could cut, anchored on the real images, and what that would cost. */
export function AlignmentCard() {
  const { folder } = useProject();
  const [isOpen, setOpen] = useState(false);
  const [percentile, setPercentile] = useState(5);
  const report = useQuery({
    queryKey: ['alignment', folder, percentile],
    queryFn: () => core.scores.alignment({ project: folder, percentile }),
    enabled: isOpen,
    retry: false,
    placeholderData: (previous) => previous,
  });
  return (
    <section className={page.card} aria-labelledby="alignment">
      <div className={page.spread}>
        <h2 id="alignment" className={page.subtitle}>
          Fit to the class: what a threshold would cost
        </h2>
        <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide the thresholds' : 'Show the thresholds'}
        </Button>
      </div>
      <p className={page.hint}>
        How much nearer an image is to its own class than to the next one, by the prompts of a text model
        where the run had one, else by the middle of the real images. Nothing is cut by it on its own.
      </p>
      {isOpen && (
        <>
          <NumberInput
            label="Cut below this percentile of the real images"
            w={320}
            my="sm"
            min={0}
            max={50}
            value={percentile}
            onChange={(value) => setPercentile(Math.min(50, Math.max(0, Number(value) || 0)))}
          />
          {report.isError && <Failure error={report.error} />}
          {report.data && <Cuts report={report.data} />}
        </>
      )}
    </section>
  );
}

function Cuts({ report: { classes: rows, total, loss, notes } }: { report: AlignmentReport }) {
  return (
    <>
      <p className={classes.headline}>
        {loss
          ? `Cutting there would lose ${percent(loss.share)} of ${counted(loss.of, 'sound image')} (${EVIDENCE[loss.evidence]}).`
          : 'Too few images are known to be sound to say what cutting there would lose.'}
      </p>
      <div className={page.wide}>
        <table className={page.table}>
          <TableHead
            columns={[
              'Class',
              ...[
                'Threshold',
                'Batches kept',
                'Hold-out kept',
                'Accepted kept',
                'Wrong kept',
                'Coverage',
              ].map(figures),
            ]}
          />
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td className={page.number}>{row.threshold === null ? '–' : decimal(row.threshold)}</td>
                <Figures row={row} />
              </tr>
            ))}
            <tr>
              <th scope="row">all</th>
              <td />
              <Figures row={total} />
            </tr>
          </tbody>
        </table>
      </div>
      {notes.map((note) => (
        <p key={note} className={page.hint}>
          {note}
        </p>
      ))}
    </>
  );
}

function Figures({ row }: { row: AlignmentReport['total'] }) {
  return (
    <>
      {[row.batch, row.holdout, row.accepted, row.wrong].map((kept, i) => (
        <td key={['batch', 'holdout', 'accepted', 'wrong'][i]} className={page.number}>
          {share(kept)}
        </td>
      ))}
      <td className={page.number}>
        {row.coverage ? `${percent(row.coverage.before)} to ${percent(row.coverage.after)}` : '–'}
      </td>
    </>
  );
}

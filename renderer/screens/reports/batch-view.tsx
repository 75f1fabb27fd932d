import type { BatchReport } from '../../../rpc/contract/reports.ts';
import { Card } from '../../parts/card.tsx';
import { percent } from '../../parts/format.ts';
import { Gallery } from '../../parts/gallery.tsx';
import page from '../../parts/page.module.css';
import { ClassMeasures } from './class-measures.tsx';
import { Galleries } from './galleries.tsx';
import { MeasureTable } from './measure-table.tsx';
import { PlanTable } from './plan-table.tsx';
import classes from './reports.module.css';
import { LevelMark, VerdictCard } from './verdict-card.tsx';

/** One batch against the real images: what it comes to, what to look at, then every figure. */
export function BatchView({ report }: { report: BatchReport }) {
  const { verdict, notes } = report;
  return (
    <>
      <VerdictCard report={report} />
      <Galleries report={report} />
      <MeasureTable measures={report.measures} />
      <Card id="drift" title="Drift">
        <LevelMark level={verdict.drift.level} />
        <p className={page.hint}>{verdict.drift.text}</p>
      </Card>
      <PlanTable plan={report.plan} />
      <RareKinds report={report} />
      <ClassMeasures reports={report.classes} />
      {notes.length > 0 && (
        <ul className={`${page.plain} ${page.hint}`}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Where the batch lies over the kinds of real image, and which rare kinds it hardly has. */
function RareKinds({ report: { clusters, verdict } }: { report: BatchReport }) {
  return (
    <Card id="rare" title="Kinds of real image">
      <p className={page.hint}>{verdict.kinds}</p>
      {clusters.missing.length > 0 && (
        <ul className={classes.kinds}>
          {clusters.missing.map(({ label, real, generated, examples }) => (
            <li key={examples[0]?.sha256}>
              <Gallery title={`Rare kind of ${label ?? 'unlabelled image'}`} pictures={examples} size={64} />
              <p className={page.hint}>
                <b>{label ?? 'no label'}</b>: {percent(real)} of the real images, {percent(generated)} of the
                batch
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

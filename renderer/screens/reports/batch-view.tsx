import type { BatchReport } from '../../../rpc/contract/reports.ts';
import { integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { ClassMeasures } from './class-measures.tsx';
import { figure } from './figures.ts';
import { MeasureTable } from './measure-table.tsx';
import { Pairs } from './pairs.tsx';
import { PlanTable } from './plan-table.tsx';
import { RareKinds } from './rare-kinds.tsx';
import classes from './reports.module.css';

const FED_ON = -3;

/** One batch against the real images. */
export function BatchView({ report }: { report: BatchReport }) {
  return (
    <>
      <section className={page.card} aria-label="Summary">
        <p className={classes.summary} data-alarm={report.alarm.raised}>
          {report.summary}
        </p>
        <p className={page.hint}>
          {report.alarm.raised ? '' : `${report.alarm.text} `}
          {integer(report.images)} images{report.generator && ` by ${report.generator}`}
          {report.generation !== null && `, generation ${report.generation}`}, against {integer(report.real)}{' '}
          real ones. Medians of {report.draws} draws of {integer(report.sample)} images with {report.model};
          figures of other embedders cannot be compared.
        </p>
        {report.advice.length > 0 && (
          <>
            <h2 className={`${page.subtitle} ${classes.next}`}>What to do</h2>
            <ul className={page.plain}>
              {report.advice.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        )}
      </section>
      <MeasureTable measures={report.measures} />
      <PlanTable plan={report.plan} />
      <div className={classes.sides}>
        <RareKinds clusters={report.clusters} />
        <Pairs pairs={report.memorised} />
      </div>
      {report.drift && <DriftCard drift={report.drift} />}
      <ClassMeasures reports={report.classes} />
      {report.notes.length > 0 && (
        <ul className={`${page.plain} ${page.hint}`}>
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function DriftCard({ drift }: { drift: NonNullable<BatchReport['drift']> }) {
  return (
    <section className={page.card} aria-labelledby="drift">
      <h2 id="drift" className={page.subtitle}>
        Against {drift.previous}
      </h2>
      <p className={page.hint}>
        Energy distance {figure(drift.distance)}, p = {figure(drift.p)} by {drift.permutations} permutations:{' '}
        {drift.p <= 0.01 ? 'the generator gives other images than before.' : 'no change is shown.'} Distances
        to the images of that batch: Z = {figure(drift.fedOnZ)},{' '}
        {drift.fedOnZ < FED_ON
          ? 'so this batch was made from them.'
          : 'no sign that this batch was made from them.'}
      </p>
    </section>
  );
}

import { confirmedWords } from '../../../rpc/contract/alteration.ts';
import type { BatchReport, PlanRow, ClusterReport } from '../../../rpc/contract/reports.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { Card } from '../../parts/card.tsx';
import page from '../../parts/page.module.css';
import { ClassMeasures } from './class-measures.tsx';
import { figure } from './figures.ts';
import { MeasureTable } from './measure-table.tsx';
import classes from './reports.module.css';
import { Thumb } from '../../parts/thumb.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';

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
          {counted(report.images, 'image')}
          {report.generator && ` by ${report.generator}`}
          {report.generation !== null && `, generation ${report.generation}`}, against{' '}
          {counted(report.real, 'real one')}. Medians of {counted(report.draws, 'draw')} of{' '}
          {counted(report.sample, 'image')} with {report.model}; figures of other embedders cannot be
          compared.
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
    <Card id="drift" title={`Against ${drift.previous}`}>
      <p className={page.hint}>
        Energy distance {figure(drift.distance)}, p = {figure(drift.p)} by {drift.permutations} permutations:{' '}
        {drift.p <= 0.01 ? 'the generator gives other images than before.' : 'no change is shown.'} Distances
        to the images of that batch: Z = {figure(drift.fedOnZ)},{' '}
        {drift.fedOnZ < FED_ON
          ? 'so this batch was made from them.'
          : 'no sign that this batch was made from them.'}
      </p>
    </Card>
  );
}

/** Generated images beside the real ones that they resemble: a person has to tell copies from a narrow world. */
function Pairs({ pairs }: { pairs: BatchReport['memorised'] }) {
  return (
    <Card id="pairs" title="Pairs to look at">
      <p className={page.hint}>
        {pairs.length === 0
          ? 'No generated image lies suspiciously close to a real one.'
          : 'Left the generated image, right the real one that it is closest to.'}
      </p>
      <ul className={classes.pairs}>
        {pairs.map(({ sha256, path, realSha256, realPath, ratio, confirmed, alteration }) => (
          <li key={sha256}>
            <div className={classes.examples}>
              <Thumb sha256={sha256} alt={`Generated: ${path}`} size={96} />
              <Thumb sha256={realSha256} alt={`Real: ${realPath}`} size={96} />
            </div>
            <p className={`${page.hint} ${page.path}`}>
              {path} beside {realPath}.{' '}
              {confirmed ? <b>This is {confirmedWords(alteration)}.</b> : `Ratio ${figure(ratio)}.`}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What to generate next, class by class. */
function PlanTable({ plan }: { plan: readonly PlanRow[] }) {
  const wanted = plan.filter(({ generate }) => generate > 0);
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
    </Card>
  );
}

/** Below this chance alone is no explanation. */
const CHANCE = 0.01;

/** Where the batch lies over the kinds of real image, and which rare kinds it hardly has. */
function RareKinds({ clusters }: { clusters: ClusterReport }) {
  const { rare, g, p, missing } = clusters;
  return (
    <Card id="rare" title="Kinds of real image">
      <p className={page.hint}>
        {counted(clusters.clusters, 'cluster')} of the real images. The batch lies over them{' '}
        {p <= CHANCE ? 'differently' : 'alike, as far as can be told'} (G = {figure(g)}, p = {figure(p)}).{' '}
        {rare.clusters > 0 &&
          `The ${integer(rare.clusters)} rare ones hold ${percent(rare.real)} of the real images and ${percent(rare.generated)} of the batch.`}
      </p>
      {missing.length === 0 ? (
        <p className={page.hint}>No rare kind is missing.</p>
      ) : (
        <ul className={classes.kinds}>
          {missing.map(({ label, real, generated, examples }) => (
            <li key={examples[0]?.sha256}>
              <div className={classes.examples}>
                {examples.map(({ sha256, path }) => (
                  <Thumb key={sha256} sha256={sha256} alt={path} size={64} />
                ))}
              </div>
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

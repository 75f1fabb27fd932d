import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { errorCode } from '../../../rpc/errors.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { NoImages, useHasNoImages } from '../../parts/no-images.tsx';
import page from '../../parts/page.module.css';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import { AlignmentCard } from './alignment-card.tsx';
import { ClassTable } from './class-table.tsx';
import { useMemo } from 'react';
import { FILTER_WORDS, type LabelReport } from '../../../rpc/contract/scores.ts';
import { ModelCard } from './model-card.tsx';
import { HeatMap } from './heat-map.tsx';
import { PairTable } from './pair-table.tsx';
import { cellsOf, confusedPairs } from './pairs.ts';
import { useSeeImages } from './use-see-images.ts';
import classes from './labels.module.css';
import { integer, percent, counted } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { ROLE_WORDS, type Role } from '../../../rpc/contract/terms.ts';

/** How far the labels can be trusted: what is taken for what, and how noisy each class is. */
export default function LabelsScreen() {
  const { folder } = useProject();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { role?: unknown };
  const reports = useQuery({
    queryKey: ['labels', folder],
    queryFn: () => core.scores.labels({ project: folder }),
    retry: false,
  });
  const hasNoImages = useHasNoImages();
  if (hasNoImages)
    return (
      <NoImages body="Import labelled real images and the synthetic ones, and score them: every given label is then compared with what a model of the real images expects." />
    );
  if (reports.isPending) return <Loading label="Loading the reports on the labels" />;
  const isUnscored = reports.isError && errorCode(reports.error) === 'NOT_READY';
  if (reports.isError && !isUnscored)
    return <Failure error={reports.error} retry={() => void reports.refetch()} />;
  const inOrder = ROLE_ORDER.flatMap((role) => reports.data?.filter((report) => report.role === role) ?? []);
  const shown = inOrder.find(({ role }) => role === search.role) ?? inOrder[0];
  if (!shown)
    return (
      <Empty
        title={isUnscored ? 'The images are not scored yet' : 'No labels to judge'}
        body={
          isUnscored
            ? 'A run compares every given label with what a model of the real images expects.'
            : 'Labels are judged where images have a class, and the real ones have at least two classes between them.'
        }
        action={
          <Link to="/p/$folder/overview" params={projectParams(folder)}>
            {isUnscored ? 'Score the images on the overview' : 'To the overview'}
          </Link>
        }
      />
    );
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Labels</h1>
        <SegmentedControl
          aria-label="Images"
          value={shown.role}
          onChange={(role) => void navigate({ to: '.', search: { role } as never, replace: true })}
          data={inOrder.map(({ role }) => ({ value: role, label: ROLE_WORDS[role].title }))}
        />
      </div>
      <ModelCard />
      <Headline report={shown} />
      <ConfusionCard key={`confusion ${shown.role}`} report={shown} />
      <ClassTable key={`classes ${shown.role}`} report={shown} />
      <FilterCounts report={shown} />
      <AlignmentCard />
    </div>
  );
}

/** What is given as one class and taken for another: as a map of cells, and as a list of pairs. */
function ConfusionCard({ report }: { report: LabelReport }) {
  const seeImages = useSeeImages();
  const cells = useMemo(() => cellsOf(report), [report]);
  const pairs = useMemo(() => confusedPairs(cells), [cells]);
  const names = report.classes.map(({ name }) => name);
  const see = (given: number, predicted: number): void =>
    seeImages({ roles: [report.role], labels: [names[given]!], predicted: [names[predicted]!] });
  const parts = { report, pairs, names, onSee: see };
  return (
    <Card id="confusion" title="Given and predicted classes">
      {!report.predicted && (
        <p className={page.problem}>
          This run counted only images that the model is sure of. Score again to see all of them.
        </p>
      )}
      <div className={classes.sides}>
        <HeatMap {...parts} cells={cells} />
        <PairTable {...parts} />
      </div>
    </Card>
  );
}

/** How many labels each way of deciding would call wrong. */
function FilterCounts({ report: { issues, images } }: { report: LabelReport }) {
  return (
    <Card id="filters" title="How many labels each filter calls wrong">
      <table className={page.table}>
        <TableHead columns={['Filter', 'What it takes', figures('Labels'), figures('Share')]} />
        <tbody>
          {Object.entries(issues).map(([filter, count]) => (
            <tr key={filter}>
              <th scope="row" title={filter}>
                {FILTER_WORDS[filter]?.title ?? filter}
              </th>
              <td>{FILTER_WORDS[filter]?.meaning}</td>
              <td className={page.number}>{integer(count)}</td>
              <td className={page.number}>{percent(count / Math.max(1, images))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** The estimate in a sentence, and what it cannot know. */
function Headline({ report }: { report: LabelReport }) {
  const { role, risk, wrongShare, images, of, classes: rows } = report;
  const share = risk ?? wrongShare;
  const untold = rows.filter(({ wrong }) => wrong?.untold).length;
  return (
    <section className={page.card} aria-label="Estimate">
      <p className={classes.headline}>
        About <b>{percent(share)}</b> of the labels of the {ROLE_WORDS[role].adjective} images look wrong
        {share > 0 && `: some ${integer(Math.max(1, Math.round(share * of)))} of ${integer(of)}`}.
      </p>
      <p
        className={page.hint}
        title={risk === null ? 'Confident learning' : 'Label risk, confident learning'}
      >
        {risk === null
          ? 'An estimate from what the model is confident about, not a count: too high where the model is weak or the images differ from the real ones, and blind to mistakes that the real images share.'
          : `The mean chance that a label is wrong, not a count, and blind to mistakes that the real images share. Counting only what the model is confident about gives ${percent(wrongShare)}.`}{' '}
        A random audit is the proof.
        {untold > 0 && ` For ${counted(untold, 'class', 'classes')} it cannot be told.`}
        {of > images && ` Made from a random sample of ${counted(images, 'image')}.`}
      </p>
    </section>
  );
}

/** People come for the generated images first. */
const ROLE_ORDER: readonly Role[] = ['synthetic', 'real', 'holdout'];

import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { errorCode } from '../../../rpc/errors.ts';
import { core } from '../../client.ts';
import page from '../../parts/page.module.css';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import { AlignmentCard } from './alignment-card.tsx';
import { ClassTable } from './class-table.tsx';
import { ConfusionCard } from './confusion-card.tsx';
import { FilterCounts } from './filter-counts.tsx';
import { Headline } from './headline.tsx';
import { ROLE_ORDER, ROLE_TITLES } from './roles.ts';

/** How far the labels can be trusted: what is taken for what, and how noisy each class is. */
export function LabelsScreen() {
  const { folder } = useProject();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { role?: unknown };
  const reports = useQuery({
    queryKey: ['labels', folder],
    queryFn: () => core.scores.labels({ project: folder }),
    retry: false,
  });
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
          data={inOrder.map(({ role }) => ({ value: role, label: ROLE_TITLES[role] }))}
        />
      </div>
      <Headline report={shown} />
      <ConfusionCard key={`confusion ${shown.role}`} report={shown} />
      <ClassTable key={`classes ${shown.role}`} report={shown} />
      <FilterCounts report={shown} />
      <AlignmentCard />
    </div>
  );
}

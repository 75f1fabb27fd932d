import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { core } from '../../client.ts';
import { useNewestJob } from '../../jobs.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import page from '../../parts/page.module.css';
import { Empty, Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { AttentionList } from './attention.tsx';
import { Batches } from './batches.tsx';
import { EstimateCard } from './estimate-card.tsx';
import { FunnelCard } from './funnel-card.tsx';
import { MixGauge } from './mix-gauge.tsx';
import { QueueDialog } from './queue-dialog.tsx';
import { OverviewSkeleton } from './skeleton.tsx';
import { useScoreRun } from './use-score-run.ts';
import classes from './overview-screen.module.css';

/** The state in ten seconds: how far it is, what wants doing, what may be said of the rest. */
export function OverviewScreen() {
  const { folder, writable } = useProject();
  const navigate = useNavigate();
  const { dialog } = useSearch({ strict: false }) as { dialog?: unknown };
  const overview = useQuery({
    queryKey: ['overview', folder],
    queryFn: () => core.projects.overview({ project: folder }),
    // Whoever comes back from a sitting wants to see what it changed.
    staleTime: 0,
  });
  const score = useScoreRun();
  const scoring = useNewestJob('score');
  const importing = useNewestJob('import');
  const setDialog = (isOpen: boolean) =>
    void navigate({ to: '.', search: (isOpen ? { dialog: 'queue' } : {}) as never, replace: true });

  if (overview.isError && !overview.data)
    return <Failure error={overview.error} retry={() => void overview.refetch()} />;
  if (!overview.data) return <OverviewSkeleton />;
  const { status, funnel, batches, attention } = overview.data;
  const canScore = writable && funnel.imported > 0 && scoring?.state !== 'running';
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Overview</h1>
        <div className={page.row}>
          <Button
            variant="default"
            disabled={!canScore}
            loading={score.isPending}
            onClick={() => void score.run()}
          >
            {status.run ? 'Score again' : 'Score the images'}
          </Button>
          <Button disabled={!writable || status.run === null} onClick={() => setDialog(true)}>
            Make a queue …
          </Button>
        </div>
      </div>
      {[importing, scoring].map(
        (job) =>
          job?.state === 'running' && (
            <section key={job.id} className={page.card}>
              <JobProgress job={job} />
            </section>
          ),
      )}
      {batches.length === 0 ? (
        <Empty
          title="Nothing is in this project yet"
          body="Import real images first: they are what synthetic ones are compared with. Then a hold-out set, if you have one, and the synthetic batches."
          action={
            <Link to="/p/$folder/import" params={projectParams(folder)}>
              Import a folder
            </Link>
          }
        />
      ) : (
        <>
          <div className={classes.top}>
            <FunnelCard funnel={funnel} />
            <AttentionList
              attention={attention}
              onMakeQueue={() => setDialog(true)}
              onScore={() => void score.run()}
            />
          </div>
          <div className={classes.top}>
            <EstimateCard status={status} />
            <MixGauge realShare={status.realShare} images={status.images} />
          </div>
          <Batches batches={batches} hasRun={status.run !== null} />
        </>
      )}
      <QueueDialog opened={dialog === 'queue'} images={status.images} onClose={() => setDialog(false)} />
    </div>
  );
}

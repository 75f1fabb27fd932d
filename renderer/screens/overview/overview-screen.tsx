import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { COUNT_WORDS, filesSentence } from '../../../rpc/contract/counts.ts';
import { core } from '../../client.ts';
import { useNewestJob, useStartJob } from '../../jobs.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { Card } from '../../parts/card.tsx';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Empty, Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { AttentionList } from './attention.tsx';
import { EstimateCard } from './estimate-card.tsx';
import { QueueDialog } from './queue-dialog.tsx';
import { QueuesCard } from './queues-card.tsx';
import { WorstCard } from './worst-card.tsx';
import classes from './overview-screen.module.css';
import { useState } from 'react';
import { mixZones, type MixPolicy } from '../../../rpc/contract/mixes.ts';
import type { BatchOverview, ProjectStatus } from '../../../rpc/contract/projects.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { Batch } from './batch.tsx';
import { reportFailure } from '../../parts/report-failure.ts';
import { useAskName } from '../../shell/name.tsx';

/** The project in ten seconds: progress, the to-do list, and the bound on the unreviewed rest. */
export default function OverviewScreen() {
  const { folder, writable } = useProject();
  const navigate = useNavigate();
  const { dialog } = useSearch({ strict: false }) as { dialog?: unknown };
  const overview = useQuery({
    queryKey: ['overview', folder],
    queryFn: () => core.projects.overview({ project: folder }),
    // After a review session people want to see what it changed.
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
  const { status, batches, attention } = overview.data;
  const canScore = writable && status.counts.images > 0 && scoring?.state !== 'running';
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Overview</h1>
        <div className={page.row}>
          <MayButton
            needs="manage"
            variant="default"
            disabled={!canScore}
            loading={score.isPending}
            onClick={() => void score.run()}
          >
            {status.run ? 'Score again' : 'Score the images'}
          </MayButton>
          <MayButton
            needs="manage"
            disabled={!writable || status.run === null}
            onClick={() => setDialog(true)}
          >
            Make a queue …
          </MayButton>
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
          title="This project is empty"
          body="Import real images first: synthetic ones are compared with them. Then add a hold-out set, if you have one, and the synthetic batches."
          action={
            <Link to="/p/$folder/import" params={projectParams(folder)}>
              Import a folder
            </Link>
          }
        />
      ) : (
        <>
          <div className={classes.top}>
            <FunnelCard counts={status.counts} />
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
          <QueuesCard />
          {status.run && <WorstCard run={status.run.id} />}
          <Batches batches={batches} hasRun={status.run !== null} />
        </>
      )}
      <QueueDialog opened={dialog === 'queue'} images={status.images} onClose={() => setDialog(false)} />
    </div>
  );
}

const PAGE = 20;

function Batches({ batches, hasRun }: { batches: readonly BatchOverview[]; hasRun: boolean }) {
  const [shown, setShown] = useState(PAGE);
  return (
    <section className={page.stack} aria-labelledby="batches">
      <h2 id="batches" className={page.subtitle}>
        {counted(batches.length, 'batch', 'batches')}
      </h2>
      <ul className={classes.batches}>
        {batches.slice(0, shown).map((batch) => (
          <li key={batch.name}>
            <Batch batch={batch} hasRun={hasRun} />
          </li>
        ))}
      </ul>
      {shown < batches.length && (
        <Button variant="default" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, batches.length - shown)} more
        </Button>
      )}
    </section>
  );
}

const STEPS = ['images', 'keptOut', 'candidates', 'queued', 'answered', 'decided'] as const;

/** From every image to what people decided. */
function FunnelCard({ counts }: { counts: ProjectStatus['counts'] }) {
  const whole = Math.max(1, counts.images);
  return (
    <Card id="funnel" title="Progress">
      <dl className={classes.funnel}>
        {STEPS.map((key) => (
          <div
            key={key}
            className={classes.step}
            title={`${COUNT_WORDS[key].title}: ${COUNT_WORDS[key].meaning}`}
          >
            <dt>{COUNT_WORDS[key].title}</dt>
            <dd className={classes.track} aria-hidden>
              <span
                className={classes.fill}
                data-step={key}
                style={{ width: `${Math.min(100, (100 * counts[key]) / whole)}%` }}
              />
            </dd>
            <dd className={classes.number}>{integer(counts[key])}</dd>
            <dd className={classes.share}>{percent(counts[key] / whole)}</dd>
          </div>
        ))}
      </dl>
      <p className={page.hint}>{filesSentence(counts)}.</p>
    </Card>
  );
}

const VERDICTS: Record<ProjectStatus['realShare']['verdict'], (policy: MixPolicy) => string> = {
  good: () => 'Enough real images to keep the training set anchored.',
  low: (policy) => {
    const { low, high } = mixZones(policy);
    return `A little low: ${Math.round(100 * low)} to ${percent(high)} real is this project’s policy for a sound mix.`;
  },
  alarm: ({ floor }) =>
    `Under ${percent(floor)} real: models trained on this drift towards the generator. Add real images, or leave synthetic ones out.`,
  unknown: () => 'Import real and synthetic images to see the mix.',
};

/** Real images as a share of what is trained on, against the range that is sound. */
function MixGauge({ realShare, images }: Pick<ProjectStatus, 'realShare' | 'images'>) {
  const { share, verdict, policy } = realShare;
  const { floor, low, high } = mixZones(policy);
  const zones = [floor, low - floor, high - low, 1 - high].map((part) => `${part}fr`).join(' ');
  return (
    <Card id="mix" title="Real share of the mix">
      <div className={classes.gauge}>
        <strong className={classes.figure} data-verdict={verdict}>
          {share === null ? '–' : percent(share, 0)}
        </strong>
        <div
          className={classes.scale}
          style={{ gridTemplateColumns: zones }}
          role="meter"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share === null ? 0 : Math.round(100 * share)}
          aria-label="Real share of the mix"
        >
          <span className={classes.alarm} />
          <span className={classes.low} />
          <span className={classes.good} />
          <span className={classes.above} />
          {share !== null && <span className={classes.needle} style={{ left: `${100 * share}%` }} />}
          {[...new Set([floor, low, high])].map((at) => (
            <span key={at} className={classes.tick} style={{ left: `${100 * at}%` }} aria-hidden>
              {Math.round(100 * at)}
            </span>
          ))}
        </div>
      </div>
      <p className={classes.verdict} data-verdict={verdict}>
        {VERDICTS[verdict](policy)}
      </p>
      <p className={page.hint}>
        {integer(images.real)} real, {integer(images.synthetic)} synthetic; {integer(images.holdout)} held out
        and never trained on.
      </p>
    </Card>
  );
}

/** As tall as the content that replaces it, so that nothing moves. */
function OverviewSkeleton() {
  return (
    <div className={page.page} data-page role="status" aria-busy="true" aria-label="Loading the overview">
      <div className={page.spread}>
        <Skeleton width={110} height={24} />
        <Skeleton width={260} height={30} />
      </div>
      <div className={classes.top}>
        <Skeleton height={220} radius={8} />
        <Skeleton height={220} radius={8} />
      </div>
      <div className={classes.top}>
        <Skeleton height={150} radius={8} />
        <Skeleton height={150} radius={8} />
      </div>
      <Skeleton height={160} radius={8} />
    </div>
  );
}

/** Starts a score run over the whole project, with the model that it works with. */
function useScoreRun(): { run: () => Promise<void>; isPending: boolean } {
  const { folder } = useProject();
  const askName = useAskName();
  const start = useStartJob();
  const run = async () => {
    const by = await askName();
    if (by === null) return;
    start.mutate(
      {
        kind: 'score',
        input: { project: folder, by },
      },
      { onError: (error) => reportFailure('Scoring did not start', error) },
    );
  };
  return { run, isPending: start.isPending };
}

import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Job } from '../../../rpc/contract/jobs.ts';
import { useStartJob } from '../../jobs.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { dateTime, duration, timeOfDay } from '../../parts/format.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import page from '../../parts/page.module.css';
import { reportFailure } from '../../parts/report-failure.ts';
import { useProject } from '../../project.tsx';
import classes from './job-card.module.css';

const STATES = {
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
} as const satisfies Record<Job['state'], string>;

/** Where to see what came of a job, where a screen shows it. */
const PLACES = {
  import: { to: '/p/$folder/import', title: 'See what came in' },
  score: { to: '/p/$folder/overview', title: 'See the overview' },
  release: { to: '/p/$folder/export', title: 'See the release' },
  layout: { to: '/p/$folder/explore', title: 'See the map' },
} as const satisfies { [K in Job['kind']]?: { to: string; title: string } };

export function JobCard({ job }: { job: Job }) {
  const { folder } = useProject();
  const start = useStartJob();
  const place = job.kind in PLACES ? PLACES[job.kind as keyof typeof PLACES] : null;
  const isSound = job.outcome?.isSound ?? true;
  const { state, task } = job;
  return (
    <article className={`${page.card} ${page.stack}`} aria-label={`${job.title}: ${STATES[state]}`}>
      {state === 'running' ? (
        <JobProgress job={job} />
      ) : (
        <div className={page.spread}>
          <div className={page.row}>
            <span className={classes.state} data-state={isSound ? state : 'failed'}>
              {isSound ? STATES[state] : 'Not as recorded'}
            </span>
            <strong>{job.title}</strong>
            <span className={page.hint}>
              {dateTime(job.startedAt)}
              {job.endedAt !== null &&
                `, took ${duration(new Date(job.endedAt).getTime() - new Date(job.startedAt).getTime())}`}
              {job.by !== null && `, by ${job.by}`}
            </span>
          </div>
          <div className={page.row}>
            {state === 'done' && place && (
              <Link to={place.to} params={projectParams(folder)}>
                {place.title}
              </Link>
            )}
            {state !== 'done' && task && (
              <Button
                variant="default"
                loading={start.isPending}
                onClick={() =>
                  start.mutate(task, { onError: (error) => reportFailure('It did not start', error) })
                }
              >
                {state === 'failed' ? 'Try again' : 'Go on with it'}
              </Button>
            )}
          </div>
        </div>
      )}
      {job.error && <p className={state === 'failed' ? page.problem : page.hint}>{job.error.message}</p>}
      {job.outcome && <p className={classes.outcome}>{job.outcome.text}</p>}
      {job.log.length > 0 && (
        <details className={classes.log}>
          <summary>Log</summary>
          <ol>
            {job.log.map(({ at, line }, i) => (
              <li key={`${at} ${i}`}>
                <time dateTime={at}>{timeOfDay(at)}</time> {line}
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}

import { Button, Progress } from '@mantine/core';
import type { Job } from '../../rpc/contract/jobs.ts';
import { useCancelJob } from '../jobs.ts';
import { decimal, duration, integer } from './format.ts';
import { shareOf } from './job-ring.tsx';
import { reportFailure } from './report-failure.ts';
import bits from './bits.module.css';
import classes from './job-progress.module.css';

/** A running job: what it is at, how quickly, how long still, and the way to stop it. */
export function JobProgress({ job }: { job: Job }) {
  const cancel = useCancelJob();
  const share = shareOf(job);
  const { progress } = job;
  return (
    <div className={classes.job}>
      <div className={classes.line}>
        <strong>{job.title}</strong>
        <span className={bits.dimmed}>{progress?.stage ?? 'starting'}</span>
      </div>
      <div className={classes.bar}>
        <Progress.Root size={8} transitionDuration={0}>
          <Progress.Section
            value={100 * (share ?? 1)}
            striped={share === null}
            animated={share === null}
            aria-label={`${job.title}: ${progress?.stage ?? 'starting'}`}
            {...(share === null ? { 'aria-valuetext': 'The end is not known yet' } : {})}
          />
        </Progress.Root>
        {!job.isElsewhere && (
          <Button
            variant="default"
            size="compact-xs"
            loading={cancel.isPending}
            onClick={() =>
              cancel.mutate(job.id, { onError: (error) => reportFailure('It was not cancelled', error) })
            }
          >
            Cancel
          </Button>
        )}
      </div>
      <div className={classes.figures}>
        <span>
          {progress &&
            `${integer(progress.done)}${progress.total === null ? '' : ` of ${integer(progress.total)}`} ${progress.unit}`}
        </span>
        <span>{job.perSecond !== null && `${rate(job.perSecond)} ${progress?.unit ?? ''} a second`}</span>
        {job.isElsewhere && <span>started outside this window: stop it where it was started</span>}
        <span>{job.secondsLeft !== null && `${duration(1000 * job.secondsLeft)} left`}</span>
      </div>
    </div>
  );
}

const rate = (perSecond: number): string =>
  perSecond >= 10 ? integer(perSecond) : decimal(Number(perSecond.toPrecision(2)));

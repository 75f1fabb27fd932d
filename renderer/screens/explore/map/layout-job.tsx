import { Button, Progress } from '@mantine/core';
import type { Job } from '../../../../rpc/contract/jobs.ts';
import type { MapInfo } from '../../../../rpc/contract/maps.ts';
import { duration } from '../../../parts/format.ts';
import { reportFailure } from '../../../parts/report-failure.ts';
import classes from './map.module.css';

interface LayoutJobProps {
  layout: 'pca' | 'umap';
  located: MapInfo['layouts']['pca'];
  job: Job | null;
  start: () => Promise<unknown>;
  cancel: () => Promise<unknown>;
}

/** Computes a layout in the background, and shows how far it is. */
export function LayoutJob({ layout, located, job, start, cancel }: LayoutJobProps) {
  if (job?.state === 'running') {
    const { progress, secondsLeft } = job;
    const share = progress?.total ? progress.done / progress.total : null;
    return (
      <div className={classes.job} role="status">
        <span>
          {progress?.stage ?? 'Starting'}
          {secondsLeft === null ? ' …' : `, ${duration(1000 * secondsLeft)} left`}
        </span>
        <Progress
          className={classes.progress}
          aria-label={`Computing the ${layout.toUpperCase()} map`}
          value={100 * (share ?? 1)}
          animated={share === null}
        />
        <Button variant="subtle" onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
    );
  }
  if (located && !located.stale) return null;
  const words = located ? 'New images: compute anew' : `Compute the ${layout.toUpperCase()} map`;
  return (
    <div className={classes.job}>
      <Button
        onClick={() =>
          void start().catch((error: unknown) => reportFailure('The map could not be computed', error))
        }
      >
        {words}
      </Button>
      {job?.state === 'failed' && job.error && <span className={classes.failed}>{job.error.message}</span>}
    </div>
  );
}

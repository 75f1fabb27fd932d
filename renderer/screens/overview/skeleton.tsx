import { Skeleton } from '@mantine/core';
import page from '../../parts/page.module.css';
import classes from './overview-screen.module.css';

/** As high as what comes, so that nothing moves when it is there. */
export function OverviewSkeleton() {
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

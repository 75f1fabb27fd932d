import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { OpenProject } from '../../rpc/contract/projects.ts';
import { core } from '../client.ts';
import { useJobs } from '../jobs.ts';
import { compact, integer } from '../parts/format.ts';
import { JobRing } from '../parts/job-ring.tsx';
import { projectParams } from '../parts/folder-address.ts';
import { PathIcon } from '../parts/icons.tsx';
import { useWhoActs, useWhyNot } from '../who-acts.ts';
import { routeOf, screensOf, type ScreenId } from './screens.ts';
import classes from './frame.module.css';

const REFRESH_MS = 10_000;

/** The way between the screens, with what waits on each. */
export function Rail({ project }: { project: OpenProject | null }) {
  const folder = project?.folder ?? null;
  const { by } = useWhoActs();
  const whyNot = useWhyNot();
  const queues = useQuery({
    queryKey: ['queues', folder, by],
    queryFn: () => core.queue.list({ project: folder ?? '', by: by || null }),
    enabled: folder !== null,
    refetchInterval: REFRESH_MS,
  });
  const running = useJobs().filter(({ state }) => state === 'running');
  const [newest] = queues.data ?? [];
  const open = newest ? newest.items - newest.done : 0;
  const conflicts = queues.data?.reduce((sum, queue) => sum + queue.conflicts + queue.questions, 0) ?? 0;
  const waiting: Partial<Record<ScreenId, { count: number; what: string }>> = {
    review: { count: open, what: 'open items' },
    conflicts: { count: conflicts, what: 'open conflicts and questions' },
  };
  return (
    <nav className={classes.rail} aria-label="Screens">
      {folder !== null &&
        screensOf(project)
          .filter((screen) => !('needs' in screen) || whyNot(screen.needs) === null)
          .map(({ id, title, icon }) => {
            const { count, what } = waiting[id] ?? { count: 0, what: '' };
            return (
              <Link
                key={id}
                to={routeOf(id)}
                params={projectParams(folder)}
                className={classes.link}
                activeOptions={{ includeSearch: false }}
              >
                <span className={classes.icon}>
                  {id === 'jobs' && running.length > 0 ? (
                    <JobRing jobs={running} />
                  ) : (
                    <PathIcon path={icon} />
                  )}
                </span>
                <span>{title}</span>
                {count > 0 && (
                  <span className={classes.count} title={`${integer(count)} ${what}`}>
                    {compact(count)}
                    <VisuallyHidden> {what}</VisuallyHidden>
                  </span>
                )}
              </Link>
            );
          })}
    </nav>
  );
}

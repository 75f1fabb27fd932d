import { Button } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import { errorCode } from '../../../rpc/errors.ts';
import type { RecentProject } from '../../../rpc/contract/settings.ts';
import { useNewestJob, useStartJob } from '../../jobs.ts';
import { joinPath } from '../../parts/format.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { Failure } from '../../parts/states.tsx';
import { useSettings } from '../../settings.tsx';
import bits from '../../parts/bits.module.css';
import classes from './projects-screen.module.css';

interface SampleCardProps {
  home: string | null;
  recent: readonly RecentProject[];
  onOpen: (folder: string) => void;
  /** Asked for from elsewhere: a menu. */
  atOnce: boolean;
}

/** The first run: renders the sample set, imports, scores and queues it, and opens the project when it is there. */
export function SampleCard({ home, recent, onOpen, atOnce }: SampleCardProps) {
  const { settings } = useSettings();
  const start = useStartJob();
  const job = useNewestJob('sample-project');
  const folder = home === null ? null : joinPath(joinPath(home, 'Assay'), 'sample.assay');
  const isThere = recent.some((project) => project.folder === folder && project.exists);
  const isRunning = job?.state === 'running';

  const ran = useRef(isRunning);
  const made = job?.state === 'done' ? job.result?.project : undefined;
  useEffect(() => {
    if (isRunning) ran.current = true;
    else if (ran.current && made !== undefined) onOpen(made);
  }, [isRunning, made, onOpen]);

  const open = () => {
    if (folder === null) return;
    if (isThere) return onOpen(folder);
    start.mutate(
      // Nobody has acted yet: the sample is made by itself, and the first person is asked for a name later.
      { kind: 'sample-project', input: { project: folder, by: settings.reviewer || 'first run' } },
      { onError: (error) => errorCode(error) === 'ALREADY_EXISTS' && onOpen(folder) },
    );
  };
  const openAtOnce = useEffectEvent(open);
  const isReady = folder !== null;
  useEffect(() => {
    if (atOnce && isReady) openAtOnce();
  }, [atOnce, isReady]);
  const failure = start.error ?? (job?.state === 'failed' && job.error ? new Error(job.error.message) : null);
  return (
    <section className={classes.sample}>
      <h2 className={classes.heading}>The sample project</h2>
      {isRunning ? (
        <JobProgress job={job} />
      ) : (
        <p className={classes.hint}>
          {isThere
            ? 'Synthetic pictures of ten kinds of parts with faults put in on purpose, ready to be reviewed.'
            : 'Renders some synthetic pictures with faults put in on purpose, imports and scores them, and queues what is worth a look. About a minute, once.'}
          {folder !== null && <span className={classes.where}>{folder}</span>}
        </p>
      )}
      {failure && !isRunning && errorCode(failure) !== 'ALREADY_EXISTS' ? (
        <Failure error={failure} retry={open} />
      ) : (
        <div className={bits.wrap}>
          {!isRunning && (
            <Button size="sm" onClick={open} disabled={folder === null} loading={start.isPending}>
              Open the sample project
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

import { Button, Skeleton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../../client.ts';
import { useJobsState } from '../../jobs.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { reportFailure } from '../../parts/report-failure.ts';
import { Empty, Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { JobCard } from './job-card.tsx';
import { ModelDialog } from './model-dialog.tsx';

/** Background jobs, running and ended; they outlive the window. */
export default function JobsScreen() {
  const { folder, writable } = useProject();
  const jobs = useJobsState();
  const [choosesModel, setChoosesModel] = useState(false);
  const clear = useMutation({
    mutationFn: () => core.jobs.clear({ project: folder }),
    onSuccess: () => void jobs.refetch(),
    onError: (error) => reportFailure('The list was not cleared', error),
  });
  if (jobs.isError && !jobs.data) return <Failure error={jobs.error} retry={() => void jobs.refetch()} />;
  const running = jobs.data?.filter(({ state }) => state === 'running') ?? [];
  const ended = jobs.data?.filter(({ state }) => state !== 'running') ?? [];
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Jobs</h1>
        <div className={page.spread}>
          <MayButton
            needs="manage"
            variant="default"
            disabled={!writable}
            onClick={() => setChoosesModel(true)}
          >
            Work with another model
          </MayButton>
          <Button
            variant="default"
            disabled={!writable || ended.length === 0}
            loading={clear.isPending}
            onClick={() => clear.mutate()}
          >
            Clear ended jobs
          </Button>
        </div>
      </div>
      <ModelDialog opened={choosesModel} onClose={() => setChoosesModel(false)} />
      {jobs.isPending && Array.from({ length: 3 }, (_, i) => <Skeleton key={i} height={96} radius={8} />)}
      {jobs.data?.length === 0 && (
        <Empty
          title="Nothing runs, and nothing ran"
          body="Imports, scoring, maps, exports and verifications are listed here, with their progress, their log and what came of them."
        />
      )}
      {[...running, ...ended].map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </div>
  );
}

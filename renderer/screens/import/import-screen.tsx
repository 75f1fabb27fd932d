import { useSearch } from '@tanstack/react-router';
import { useNewestJob } from '../../jobs.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import page from '../../parts/page.module.css';
import { useProject } from '../../project.tsx';
import { ImportForm } from './import-form.tsx';
import { ImportResult, Problems } from './import-result.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { core } from '../../client.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import classes from './import-screen.module.css';

/** Takes in a folder: looked at first, written only when its form says how. */
export default function ImportScreen() {
  const { writable } = useProject();
  const asked = useSearch({ strict: false }) as { from?: unknown; role?: unknown; show?: unknown };
  const job = useNewestJob('import');
  const from = typeof asked.from === 'string' ? asked.from : '';
  return (
    <div className={page.page} data-page>
      <h1 className={page.title}>Import</h1>
      {job?.state === 'running' && (
        <section className={page.card}>
          <JobProgress job={job} />
          <p className={page.hint}>
            You can leave this screen, and work on, while it runs. What was imported is kept if you cancel;
            the same import again goes on from there.
          </p>
        </section>
      )}
      {job && job.state !== 'running' && <ImportResult job={job} />}
      {writable && job?.state !== 'running' && <ImportForm key={from} from={from} askedRole={asked.role} />}
      <BrokenFiles opened={asked.show === 'broken'} />
    </div>
  );
}

/** The broken files of every import, on demand. */
function BrokenFiles({ opened }: { opened: boolean }) {
  const { folder } = useProject();
  const [isOpen, setOpen] = useState(opened);
  const found = useQuery({
    queryKey: ['flagged', folder],
    queryFn: async () => (await core.queue.show({ project: folder })).flagged,
    enabled: isOpen,
  });
  const broken = found.data?.filter(({ rule }) => rule === 'broken') ?? [];
  return (
    <details
      className={`${page.card} ${classes.details}`}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Broken files of every import</summary>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {isOpen && found.isPending && <Loading label="Looking for broken files" />}
      {found.data && broken.length === 0 && <p className={page.hint}>None: every file could be read.</p>}
      <Problems
        title="They are in no score and no release"
        files={broken.map(({ batch, path, detail }) => ({ path: `${batch}: ${path}`, detail }))}
      />
    </details>
  );
}

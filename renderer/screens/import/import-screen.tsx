import { useSearch } from '@tanstack/react-router';
import { useNewestJob } from '../../jobs.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import page from '../../parts/page.module.css';
import { useProject } from '../../project.tsx';
import { BrokenFiles } from './broken-files.tsx';
import { ImportForm } from './import-form.tsx';
import { ImportResult } from './import-result.tsx';

/** Takes in a folder: looked at first, written only when its form says how. */
export function ImportScreen() {
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
            You can leave this screen, and work on, while it runs. What is in already is kept if you cancel;
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

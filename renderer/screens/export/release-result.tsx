import { Button } from '@mantine/core';
import { useStartJob, type JobOf } from '../../jobs.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { counted, integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { LEFT_OUT_WORDS } from './release-draft.ts';

/** What came of the newest export. */
export function ReleaseResult({ job }: { job: JobOf<'release'> }) {
  const start = useStartJob();
  const { state, result } = job;
  if (state !== 'done')
    return (
      <section className={`${page.card} ${page.stack}`}>
        <p className={state === 'failed' ? page.problem : page.hint}>
          {job.title}: {job.error?.message ?? state}
        </p>
        {start.isError && <Failure error={start.error} />}
        <div className={page.row}>
          <Button variant="default" loading={start.isPending} onClick={() => start.mutate(job.task)}>
            Try again
          </Button>
        </div>
      </section>
    );
  if (!result) return null;
  const left = Object.entries(result.leftOut) as [keyof typeof LEFT_OUT_WORDS, number][];
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="The newest release">
      <p className={page.hint}>
        <strong>{counted(result.images, 'image')}</strong> written to{' '}
        <span className={page.path}>{result.folder}</span>
        {left.length > 0 &&
          `; left out: ${left.map(([why, count]) => `${integer(count)} ${LEFT_OUT_WORDS[why].toLowerCase()}`).join(', ')}`}
        .
      </p>
      <CopyText label="sha256 of its manifest" text={result.manifestSha256} />
    </section>
  );
}

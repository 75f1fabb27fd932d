import { type JobOf, useStartJob } from '../../jobs.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { counted, integer, percent } from '../../parts/format.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure, withoutOptions } from '../../parts/states.tsx';
import { LeftOut } from './left-out.tsx';
import { mixCommand } from './mix-words.ts';

/** How far the newest mix is, or what came of it. */
export function MixOutcome({ job }: { job: JobOf<'mix'> }) {
  const start = useStartJob();
  const { state, result, task } = job;
  if (state === 'running')
    return (
      <section className={page.card} aria-label="The mix in the making">
        <JobProgress job={job} />
      </section>
    );
  if (state !== 'done')
    return (
      <section className={`${page.card} ${page.stack}`} aria-label="The newest mix">
        <p className={state === 'failed' ? page.problem : page.hint}>
          {job.title}: {withoutOptions(job.error?.message ?? state)}
        </p>
        {start.isError && <Failure error={start.error} />}
        <div className={page.row}>
          <MayButton
            needs="manage"
            variant="default"
            loading={start.isPending}
            onClick={() => start.mutate(task)}
          >
            Try again
          </MayButton>
        </div>
      </section>
    );
  if (!result) return null;
  const { images, real, batchSize, leastReal, distinct, folder, manifestSha256 } = result;
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="The newest mix">
      <p className={page.hint}>
        <strong>{counted(images, 'image')}</strong> in <span className={page.path}>{folder}</span>:{' '}
        {integer(real)} real ({percent(real / images)}) and {integer(images - real)} synthetic; different
        ones: {integer(distinct.real)} and {integer(distinct.synthetic)}. Any {integer(batchSize)} in a row
        hold at least {counted(leastReal, 'real one')}.
      </p>
      {result.belowFloor !== null && (
        <p className={page.problem}>Below the floor. The reason given: {result.belowFloor}</p>
      )}
      <LeftOut of={result.leftOut} />
      <CopyText label="sha256 of its manifest" text={manifestSha256} />
      <CopyText label="The same by command" text={mixCommand(task.input)} />
    </section>
  );
}

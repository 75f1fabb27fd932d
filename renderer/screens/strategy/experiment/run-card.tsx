import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ratiosOf, STAND_IN } from '../../../../rpc/contract/experiments.ts';
import { useNewestJob, useStartJob } from '../../../jobs.ts';
import { JobProgress } from '../../../parts/job-progress.tsx';
import { MayButton } from '../../../parts/may-button.tsx';
import page from '../../../parts/page.module.css';
import { Failure, withoutOptions } from '../../../parts/states.tsx';
import { useProject } from '../../../project.tsx';
import { useAskName } from '../../../shell/name.tsx';
import classes from './experiment.module.css';

/** Starts an experiment, and shows how far it is. */
export function RunCard() {
  const { folder, writable } = useProject();
  const askName = useAskName();
  const start = useStartJob();
  const job = useNewestJob('experiment');
  const [ratios, setRatios] = useState('100:0, 80:20, 50:50, 20:80, 0:100');
  const [margin, setMargin] = useState<number | string>(2);
  const [pairs, setPairs] = useState<number | string>(10);
  const shares = ratiosOf(ratios);
  const isWhole = shares !== null && Number(margin) > 0 && Number(pairs) >= 10;
  const isRunning = job?.state === 'running';
  const run = async (): Promise<void> => {
    const by = await askName();
    if (by === null || shares === null) return;
    start.mutate({
      kind: 'experiment',
      input: { project: folder, by, ratios: shares, margin: Number(margin) / 100, pairs: Number(pairs) },
    });
  };
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="Measure">
      <p className={page.hint}>
        {STAND_IN} Your own network is judged alike by command: <code>assay experiment export</code>, then{' '}
        <code>assay experiment add</code>.
      </p>
      <form
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole && !isRunning) void run();
        }}
      >
        <TextInput
          label="Ratios"
          description="Real to synthetic images"
          value={ratios}
          onChange={(event) => setRatios(event.currentTarget.value)}
          error={shares === null ? 'Give ratios such as 100:0, 80:20, 50:50.' : null}
          autoComplete="off"
        />
        <NumberInput
          label="Margin"
          description="Loss that is no harm"
          suffix=" points"
          min={0.1}
          max={50}
          decimalScale={1}
          value={margin}
          onChange={setMargin}
        />
        <NumberInput
          label="Trainings"
          description="Of each arm; 10 or more"
          min={10}
          max={100}
          allowDecimal={false}
          value={pairs}
          onChange={setPairs}
        />
        <MayButton
          needs="manage"
          type="submit"
          disabled={!writable || !isWhole || isRunning}
          loading={start.isPending}
        >
          Measure
        </MayButton>
      </form>
      {start.isError && <Failure error={start.error} />}
      {isRunning && <JobProgress job={job} />}
      {job && !isRunning && job.state !== 'done' && (
        <p className={job.state === 'failed' ? page.problem : page.hint}>
          {job.title}: {withoutOptions(job.error?.message ?? job.state)}
        </p>
      )}
    </section>
  );
}

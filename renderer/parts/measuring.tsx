import { Progress as Bar } from '@mantine/core';
import type { Progress } from '../../rpc/progress.ts';
import { capitalised, integer } from './format.ts';
import page from './page.module.css';
import { Loading } from './states.tsx';

/** Stands where a measurement will be. It takes seconds for a small batch and a minute for one of many classes. */
export function Measuring({ progress }: { progress: Progress | null }) {
  if (!progress?.total) return <Loading label="Reading what was measured" />;
  return (
    <section className={page.card} role="status" aria-label="Measuring">
      <p className={page.hint}>
        {capitalised(progress.stage)}: {integer(progress.done)} of {integer(progress.total)} {progress.unit}.
        This is done once: the result is kept.
      </p>
      <Bar
        mt="sm"
        value={(100 * progress.done) / progress.total}
        aria-label={progress.stage}
        transitionDuration={0}
      />
    </section>
  );
}

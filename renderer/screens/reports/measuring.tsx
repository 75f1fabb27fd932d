import { Progress as Bar } from '@mantine/core';
import type { Progress } from '../../../rpc/progress.ts';
import { integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { Loading } from '../../parts/states.tsx';

/** Stands where a report will be. Measuring takes seconds for a small batch and a minute for one of many classes. */
export function Measuring({ progress }: { progress: Progress | null }) {
  if (!progress?.total) return <Loading label="Reading what was measured" />;
  return (
    <section className={page.card} role="status" aria-label="Measuring">
      <p className={page.hint}>
        {progress.stage}: {integer(progress.done)} of {integer(progress.total)} {progress.unit}. What was
        measured is kept, so this happens once.
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

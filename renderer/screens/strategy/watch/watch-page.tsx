import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { WatchReport } from '../../../../rpc/contract/watch.ts';
import { errorCode } from '../../../../rpc/errors.ts';
import type { Progress } from '../../../../rpc/progress.ts';
import { followTask } from '../../../../rpc/run-task.ts';
import { core } from '../../../client.ts';
import { integer } from '../../../parts/format.ts';
import { Measuring } from '../../../parts/measuring.tsx';
import page from '../../../parts/page.module.css';
import { Empty, Failure, Loading } from '../../../parts/states.tsx';
import { projectParams, useProject } from '../../../project.tsx';
import { QuestionPage } from '../question-page.tsx';
import { BatchCurves } from './batch-curves.tsx';
import { BatchFigures } from './batch-figures.tsx';
import { HoldoutCard } from './holdout-card.tsx';
import { RoundCurves } from './round-curves.tsx';
import { Vanishing } from './vanishing.tsx';
import classes from './watch.module.css';

/** Every batch and every round beside the others: does the generator collapse? Nothing is measured by opening it. */
export function WatchPage() {
  const { folder } = useProject();
  const report = useQuery({
    queryKey: ['watch', folder],
    queryFn: ({ signal }) => core.watch.show({ project: folder }, { signal }),
    retry: false,
  });
  return (
    <QuestionPage title="Watch">
      {report.isPending && <Loading label="Reading what was measured" />}
      {report.isError &&
        (errorCode(report.error) === 'NOT_READY' ? (
          <Empty
            title="Nothing to watch yet"
            body="Batches are held against the real images once they are imported and scored: the curves show whether the generator loses what these show."
            action={
              <Link to="/p/$folder/overview" params={projectParams(folder)}>
                See what is needed on the overview
              </Link>
            }
          />
        ) : (
          <Failure error={report.error} retry={() => void report.refetch()} />
        ))}
      {report.data && <Watched report={report.data} />}
    </QuestionPage>
  );
}

function Watched({ report }: { report: WatchReport }) {
  const { standing, points, measures, holdout, rounds, newest } = report;
  return (
    <>
      <Standing standing={standing} />
      {newest && <Vanishing newest={newest} />}
      <BatchCurves measures={measures} points={points} />
      <BatchFigures measures={measures} points={points} />
      {holdout.length > 0 && <HoldoutCard holdout={holdout} />}
      <RoundCurves rounds={rounds} />
    </>
  );
}

/** The sentence, and the button that measures what is missing. */
function Standing({ standing }: Pick<WatchReport, 'standing'>) {
  const { folder } = useProject();
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const measure = useMutation({
    mutationFn: () => followTask(core, 'watch', { project: folder }, { report: setProgress }),
    onSuccess: (report) => {
      client.setQueryData(['watch', folder], report);
      for (const changed of ['status', 'overview']) void client.invalidateQueries({ queryKey: [changed] });
    },
  });
  const open = standing.unmeasured.length;
  return (
    <section className={`${page.card} ${page.stack}`} aria-label="Where it stands">
      <p className={classes.sentence} data-alarm={standing.alarm !== null}>
        {standing.sentence}
      </p>
      {open > 0 && !measure.isPending && (
        <div className={page.row}>
          <Button onClick={() => measure.mutate()}>
            {open === 1 ? 'Measure it' : `Measure these ${integer(open)} batches`}
          </Button>
        </div>
      )}
      {measure.isPending && <Measuring progress={progress} />}
      {measure.isError && <Failure error={measure.error} />}
    </section>
  );
}

import { useStartJob } from '../../jobs.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';

/** Starts a score run over the whole project, with the built-in model. */
export function useScoreRun(): { run: () => Promise<void>; isPending: boolean } {
  const { folder } = useProject();
  const askName = useAskName();
  const start = useStartJob();
  const run = async () => {
    const by = await askName();
    if (by === null) return;
    start.mutate(
      {
        kind: 'score',
        input: { project: folder, by, model: null, classifier: null, device: 'auto', seed: 1 },
      },
      { onError: (error) => reportFailure('Scoring did not start', error) },
    );
  };
  return { run, isPending: start.isPending };
}

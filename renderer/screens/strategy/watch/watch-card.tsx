import { useQuery } from '@tanstack/react-query';
import { core } from '../../../client.ts';
import { Failure } from '../../../parts/states.tsx';
import { useProject } from '../../../project.tsx';
import { QuestionCard } from '../question-card.tsx';
import { useRounds } from '../use-mix.ts';
import classes from '../strategy.module.css';

/** Where the watch over batches and rounds stands. */
export function WatchCard() {
  const { folder } = useProject();
  const status = useQuery({
    queryKey: ['status', folder],
    queryFn: () => core.projects.status({ project: folder }),
  });
  const rounds = useRounds();
  const failed = [status, rounds].find(({ isError }) => isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  const watch = status.data?.watch;
  const calls = rounds.data?.rounds.at(-1)?.alarms ?? [];
  return (
    <QuestionCard
      name="watch"
      title="Watch"
      hint="Whether the generator loses what the real images show, batch after batch."
    >
      <p className={classes.words} aria-busy={!status.data || !rounds.data}>
        <span className={watch?.alarm ? classes.warn : undefined}>
          {watch === null ? 'There is no synthetic batch yet. ' : watch && `${watch.sentence} `}
        </span>
        {calls.length > 0 && (
          <span className={classes.warn}>
            Round {rounds.data!.rounds.at(-1)!.name}: {calls.join(' ')}
          </span>
        )}
      </p>
    </QuestionCard>
  );
}

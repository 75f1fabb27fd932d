import { Failure } from '../../../parts/states.tsx';
import { QuestionCard } from '../question-card.tsx';
import strategy from '../strategy.module.css';
import { useExperiments } from './use-experiments.ts';

/** What the newest experiment says, in its first sentences. */
export function ExperimentCard() {
  const { data, isPending, isError, error, refetch } = useExperiments();
  if (isError) return <Failure error={error} retry={() => void refetch()} />;
  const newest = data?.[0];
  return (
    <QuestionCard
      name="experiment"
      title="Experiment"
      hint="Which ratio of real to synthetic images does no harm here."
    >
      <p className={strategy.words} aria-busy={isPending}>
        {isPending && 'Reading experiments …'}
        {data && !newest && 'Not measured yet. Before training takes a ratio, measure it on the hold-out.'}
        {newest?.verdict.slice(0, 2).join(' ')}
      </p>
    </QuestionCard>
  );
}

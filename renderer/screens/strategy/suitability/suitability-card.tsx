import { contradictions, questionNumber } from '../../../../rpc/contract/suitability.ts';
import { listed } from '../../../../rpc/format.ts';
import { Failure } from '../../../parts/states.tsx';
import { QuestionCard } from '../question-card.tsx';
import strategy from '../strategy.module.css';
import { useSuitability } from './use-suitability.ts';

/** What the answers on the task come to, in a few sentences. */
export function SuitabilityCard() {
  const { data, isPending, isError, error, refetch } = useSuitability();
  if (isError) return <Failure error={error} retry={() => void refetch()} />;
  const against = data ? contradictions(data) : [];
  return (
    <QuestionCard
      name="suitability"
      title="Suitability"
      hint="Whether this task may take synthetic data at all."
    >
      <p className={strategy.words} aria-busy={isPending}>
        {isPending && 'Reading what the project shows …'}
        {data && (
          <>
            <b>{data.verdict.title}.</b> {data.verdict.text}{' '}
            {against.length > 0 && (
              <span className={strategy.warn}>
                {against.length === 1 ? 'The answer' : 'The answers'} to{' '}
                {listed(against.map((id) => String(questionNumber(id))))}{' '}
                {against.length === 1 ? 'is' : 'are'} against what the project shows.
              </span>
            )}
          </>
        )}
      </p>
    </QuestionCard>
  );
}

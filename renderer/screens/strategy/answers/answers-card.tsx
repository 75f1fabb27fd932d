import { answersWords } from '../../../../rpc/contract/answer-words.ts';
import { errorCode } from '../../../../rpc/errors.ts';
import { Failure, messageOf } from '../../../parts/states.tsx';
import { QuestionCard } from '../question-card.tsx';
import strategy from '../strategy.module.css';
import { useAnswers } from './use-answers.ts';

/** How far people differ, and whether the model knows it, in a few sentences. */
export function AnswersCard() {
  const { data, isPending, isError, error, refetch } = useAnswers();
  const isClosed = isError && ['NOT_READY', 'NOT_ALLOWED'].includes(errorCode(error) ?? '');
  if (isError && !isClosed) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <QuestionCard
      name="answers"
      title="People’s answers"
      hint="How people answered where several did, and whether the model is unsure where they differ."
    >
      <p className={strategy.words} aria-busy={isPending}>
        {isPending && 'Counting answers …'}
        {isClosed && messageOf(error)}
        {data && answersWords(data).slice(0, 3).join(' ')}
      </p>
    </QuestionCard>
  );
}

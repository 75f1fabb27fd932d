import { targetWords } from '../../../../rpc/contract/plans.ts';
import { counted, integer } from '../../../../rpc/format.ts';
import { Failure } from '../../../parts/states.tsx';
import { QuestionCard } from '../question-card.tsx';
import classes from '../strategy.module.css';
import { usePlan } from './use-plan.ts';

/** What to generate next, in a few sentences. */
export function PlanCard() {
  const plan = usePlan();
  if (plan.isError) return <Failure error={plan.error} retry={() => void plan.refetch()} />;
  const wanted = plan.data?.classes.filter(({ generate }) => generate > 0) ?? [];
  const worse = plan.data?.settings.filter(({ than }) => than === 'worse').length ?? 0;
  const images = wanted.reduce((sum, { generate }) => sum + generate, 0);
  return (
    <QuestionCard name="plan" title="Plan" hint="What to generate next.">
      <p className={classes.words} aria-busy={plan.isPending}>
        {plan.data && (
          <>
            The target is {targetWords(plan.data.target)}.{' '}
            {wanted.length === 0
              ? 'Nothing is asked for. '
              : `About ${counted(images, 'image')} of ${counted(wanted.length, 'class', 'classes')} are asked for, most of ${wanted[0]!.name} (${integer(wanted[0]!.generate)}). `}
            {worse > 0 && (
              <span className={classes.warn}>
                {counted(worse, 'setting rejects', 'settings reject')} more than chance explains.
              </span>
            )}
          </>
        )}
      </p>
    </QuestionCard>
  );
}

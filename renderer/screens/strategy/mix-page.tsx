import { useNewestJob } from '../../jobs.ts';
import { MixOutcome } from './mix-outcome.tsx';
import { MixesCard } from './mixes-card.tsx';
import { PolicyCard } from './policy-card.tsx';
import { QuestionPage } from './question-page.tsx';
import { RoundsCard } from './rounds-card.tsx';
import { SupplyCard } from './supply-card.tsx';
import classes from './strategy.module.css';

/** The policy on mixing, the mixes that were written, and the trainings on them. */
export function MixPage() {
  const job = useNewestJob('mix');
  return (
    <QuestionPage title="Mix">
      <div className={classes.top}>
        <PolicyCard />
        <SupplyCard />
      </div>
      {job && <MixOutcome job={job} />}
      <MixesCard />
      <RoundsCard />
    </QuestionPage>
  );
}

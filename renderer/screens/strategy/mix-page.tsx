import { Link } from '@tanstack/react-router';
import { useNewestJob } from '../../jobs.ts';
import page from '../../parts/page.module.css';
import { projectParams, useProject } from '../../project.tsx';
import { MixOutcome } from './mix-outcome.tsx';
import { MixesCard } from './mixes-card.tsx';
import { PolicyCard } from './policy-card.tsx';
import { RoundsCard } from './rounds-card.tsx';
import { SupplyCard } from './supply-card.tsx';
import classes from './strategy.module.css';

/** The policy on mixing, the mixes that were written, and the trainings on them. */
export function MixPage() {
  const { folder } = useProject();
  const job = useNewestJob('mix');
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Mix</h1>
        <Link to="/p/$folder/strategy" params={projectParams(folder)}>
          All of Strategy
        </Link>
      </div>
      <div className={classes.top}>
        <PolicyCard />
        <SupplyCard />
      </div>
      {job && <MixOutcome job={job} />}
      <MixesCard />
      <RoundsCard />
    </div>
  );
}

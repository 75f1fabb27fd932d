import { useSearch } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import page from '../../parts/page.module.css';
import { AnswersCard } from './answers/answers-card.tsx';
import { AnswersPage } from './answers/answers-page.tsx';
import { CostCard } from './cost/cost-card.tsx';
import { CostPage } from './cost/cost-page.tsx';
import { ExperimentCard } from './experiment/experiment-card.tsx';
import { ExperimentPage } from './experiment/experiment-page.tsx';
import { MixCard } from './mix-card.tsx';
import { MixPage } from './mix-page.tsx';
import { PlanCard } from './plan/plan-card.tsx';
import { PlanPage } from './plan/plan-page.tsx';
import classes from './strategy.module.css';
import { SuitabilityCard } from './suitability/suitability-card.tsx';
import { SuitabilityPage } from './suitability/suitability-page.tsx';
import { WatchCard } from './watch/watch-card.tsx';
import { WatchPage } from './watch/watch-page.tsx';

/** Each question about a programme, by the word that the address says it with: its card, and the page that it opens to. */
const QUESTIONS: Record<string, { Card: ComponentType; Page: ComponentType }> = {
  mix: { Card: MixCard, Page: MixPage },
  watch: { Card: WatchCard, Page: WatchPage },
  experiment: { Card: ExperimentCard, Page: ExperimentPage },
  suitability: { Card: SuitabilityCard, Page: SuitabilityPage },
  cost: { Card: CostCard, Page: CostPage },
  plan: { Card: PlanCard, Page: PlanPage },
  answers: { Card: AnswersCard, Page: AnswersPage },
};

/** Whether training may take synthetic data, and how much: a card for each question, which opens to its page. */
export default function StrategyScreen() {
  const { card } = useSearch({ strict: false }) as { card?: unknown };
  const opened = typeof card === 'string' && Object.hasOwn(QUESTIONS, card) ? QUESTIONS[card] : undefined;
  if (opened) return <opened.Page />;
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Strategy</h1>
        <p className={page.hint}>Whether training may take synthetic data here, and how much of it.</p>
      </div>
      <ul className={classes.cards}>
        {Object.entries(QUESTIONS).map(([name, { Card }]) => (
          <li key={name}>
            <Card />
          </li>
        ))}
      </ul>
    </div>
  );
}

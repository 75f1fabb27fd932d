import { useSearch } from '@tanstack/react-router';
import page from '../../parts/page.module.css';
import { MixCard } from './mix-card.tsx';
import { MixPage } from './mix-page.tsx';
import classes from './strategy.module.css';

/** Whether training may take synthetic data, and how much: a card for each question, which opens to its page. */
export default function StrategyScreen() {
  const { card } = useSearch({ strict: false }) as { card?: unknown };
  if (card === 'mix') return <MixPage />;
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>Strategy</h1>
        <p className={page.hint}>Whether training may take synthetic data here, and how much of it.</p>
      </div>
      <ul className={classes.cards}>
        <li>
          <MixCard />
        </li>
      </ul>
    </div>
  );
}

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import page from '../../parts/page.module.css';
import { projectParams, useProject } from '../../project.tsx';
import classes from './strategy.module.css';

/** A card of Strategy: a press anywhere on it opens its page. */
export function QuestionCard({
  name,
  title,
  hint,
  children,
}: {
  /** As the address says it. */
  name: string;
  title: string;
  /** The question, in a sentence. */
  hint: string;
  /** What is known, in a few sentences. */
  children: ReactNode;
}) {
  const { folder } = useProject();
  return (
    <section className={classes.card} aria-labelledby={`${name}-card`}>
      <h2 id={`${name}-card`} className={page.subtitle}>
        <Link
          to="/p/$folder/strategy"
          params={projectParams(folder)}
          search={{ card: name } as never}
          className={classes.open}
        >
          {title}
        </Link>
      </h2>
      <p className={page.hint}>{hint}</p>
      {children}
    </section>
  );
}

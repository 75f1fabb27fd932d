import type { ReactNode } from 'react';
import page from './page.module.css';

interface CardProps {
  /** Unique on the page: the title names the card by it. */
  id: string;
  title: string;
  /** Whether its parts stand apart as in a form. */
  isStack?: boolean;
  children: ReactNode;
}

/** A part of a page under a title of its own. */
export function Card({ id, title, isStack, children }: CardProps) {
  return (
    <section className={isStack ? `${page.card} ${page.stack}` : page.card} aria-labelledby={id}>
      <h2 id={id} className={page.subtitle}>
        {title}
      </h2>
      {children}
    </section>
  );
}

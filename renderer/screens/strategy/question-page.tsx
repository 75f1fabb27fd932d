import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import page from '../../parts/page.module.css';
import { projectParams, useProject } from '../../project.tsx';

/** The page that a card of Strategy opens to, with the way back. */
export function QuestionPage({ title, children }: { title: string; children: ReactNode }) {
  const { folder } = useProject();
  return (
    <div className={page.page} data-page>
      <div className={page.spread}>
        <h1 className={page.title}>{title}</h1>
        <Link to="/p/$folder/strategy" params={projectParams(folder)}>
          All of Strategy
        </Link>
      </div>
      {children}
    </div>
  );
}

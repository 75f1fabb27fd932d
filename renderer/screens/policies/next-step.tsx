import { Link } from '@tanstack/react-router';
import type { ProjectStatus } from '../../../rpc/contract/projects.ts';
import page from '../../parts/page.module.css';
import { projectParams, useProject } from '../../project.tsx';

interface Step {
  words: string;
  to: '/p/$folder/import' | '/p/$folder/overview' | '/p/$folder/review';
  link: string;
}

/** What a project needs before policies have anything to say; null where it has all of it. */
export function nextStep({ counts, run, queue, decisions }: ProjectStatus): Step | null {
  if (counts.images === 0)
    return {
      words: 'There are no images yet. A policy says which of them people look at.',
      to: '/p/$folder/import',
      link: 'Import images',
    };
  if (!run)
    return {
      words: 'Nothing is scored yet. A policy ranks images by their scores.',
      to: '/p/$folder/overview',
      link: 'Score them on the overview',
    };
  if (!queue)
    return {
      words: 'There is no queue yet. One of these policies fills it.',
      to: '/p/$folder/overview',
      link: 'Make a queue on the overview',
    };
  if (decisions.accept + decisions.relabel + decisions.reject === 0)
    return {
      words: 'Nobody has decided anything yet. What people decide tells which policy finds most.',
      to: '/p/$folder/review',
      link: `Review queue ${queue.id}`,
    };
  return null;
}

/** Says what comes first in a project that is new to policies. */
export function NextStep({ step: { words, to, link } }: { step: Step }) {
  const { folder } = useProject();
  return (
    <p className={page.problem}>
      {words}{' '}
      <Link to={to} params={projectParams(folder)}>
        {link}
      </Link>
      .
    </p>
  );
}

import { Link } from '@tanstack/react-router';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { projectParams, useProject } from '../../project.tsx';
import classes from './review-screen.module.css';

/** Says of an item that releases leave out as a copy what that means for its answer; over the stage, so that nothing moves. */
export function KeptOut({ item }: { item: ReviewItem }) {
  const { folder } = useProject();
  if (!item.keptOut) return null;
  return (
    <p className={classes.keptOut} role="note" aria-label="Left out as a copy">
      <b>Releases leave it out as a copy</b>
      {item.keptOut.words === null ? '' : `: ${item.keptOut.words}`}. An answer that keeps it is refused:
      reject it, or say first on{' '}
      <Link to="/p/$folder/copies" params={projectParams(folder)} search={{ image: item.sha256 } as never}>
        Copies
      </Link>{' '}
      that it is no copy.
    </p>
  );
}
